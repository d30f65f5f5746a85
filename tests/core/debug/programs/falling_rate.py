import numpy as np

def s(v):
    return 1 / (1 + np.exp(-v))

def epoch_of(W1, b1, W2, b2, rate):
    order = np.random.permutation(4)
    for n in order:
        x = X[n:n + 1]
        h = s(x @ W1 + b1)
        o = s(h @ W2 + b2)
        do = (T[n] - o) * o * (1 - o)
        dh = do @ W2.T * h * (1 - h)
        W2 += rate * h.T @ do
        b2 += rate * do
        W1 += rate * x.T @ dh
        b1 += rate * dh

np.random.seed(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])
W1, b1 = np.random.randn(2, 4), np.random.randn(1, 4)
W2, b2 = np.random.randn(4, 1), np.random.randn(1, 1)
for e in range(4000):
    epoch_of(W1, b1, W2, b2, 1.0 / (1 + 0.0005 * e))
print(s(s(X @ W1 + b1) @ W2 + b2))
