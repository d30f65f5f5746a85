import numpy as np
np.random.seed(7)
X = np.array([[0,0],[0,1],[1,0],[1,1]], dtype=float)
t = np.array([[0],[1],[1],[0]], dtype=float)
W = np.random.normal(0, 1, (2, 4)); b = np.zeros(4)
V = np.random.normal(0, 1, (4, 1)); c = np.zeros(1)
for i in range(3000):
    h = np.tanh(X @ W + b)
    y = 1 / (1 + np.exp(-(h @ V + c)))
    d = y - t                        # cross-entropy
    e = (d @ V.T) * (1 - h ** 2)
    V -= 0.05 * h.T @ d
    c -= 0.05 * d.sum(0)
    W -= 0.2 * X.T @ e
    b -= 0.2 * e.sum(0)
print(np.round(y, 2).ravel())
