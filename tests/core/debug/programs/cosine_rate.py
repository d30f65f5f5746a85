import numpy as np, math
np.random.seed(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([0, 1, 1, 0])
W, b = np.random.randn(2, 4), np.zeros(4)
V, c = np.random.randn(4), 0.0
total = 5000
for t in range(total):
    lr = 0.5 * (1 + math.cos(10 * math.pi * t / total)) + 0.05
    for i in np.random.permutation(4):
        h = 1 / (1 + np.exp(-(X[i] @ W + b)))
        o = 1 / (1 + np.exp(-(h @ V + c)))
        d = (o - Y[i]) * o * (1 - o)
        dh = d * V * h * (1 - h)
        V = V - lr * d * h
        c = c - lr * d
        W = W - lr * np.outer(X[i], dh)
        b = b - lr * dh
print(1 / (1 + np.exp(-(1 / (1 + np.exp(-(X @ W + b))) @ V + c))))
