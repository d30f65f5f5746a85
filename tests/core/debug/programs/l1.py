import numpy as np
rng = np.random.RandomState(5)
X = np.array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]]); Y = np.array([[0.], [1.], [1.], [0.]])
s = lambda z: 1 / (1 + np.exp(-z))
W, b, V, c = rng.randn(2, 4), np.zeros(4), rng.randn(4, 1), np.zeros(1)
for epoch in range(4000):
    h = s(X @ W + b); o = s(h @ V + c)
    d = (o - Y) * o * (1 - o)
    dh = d @ V.T * h * (1 - h)
    dV = h.T @ d + 1e-4 * np.sign(V)
    dW = X.T @ dh + 1e-4 * np.sign(W)
    V -= 1.0 * dV; c -= 1.0 * d.sum(0)
    W -= 1.0 * dW; b -= 1.0 * dh.sum(0)
print(o)
