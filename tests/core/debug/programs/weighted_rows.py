import numpy as np
rng = np.random.default_rng(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); Y = np.array([[0], [1], [1], [0]])
weight = np.array([[1.0], [2.0], [2.0], [1.0]])   # ones count twice
W, b, V, c = rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)
for i in range(4000):
    h = np.tanh(X @ W + b)
    o = 1 / (1 + np.exp(-(h @ V + c)))
    d = weight * (o - Y)
    dh = d @ V.T * (1 - h ** 2)
    V -= 0.1 * h.T @ d; c -= 0.1 * d.sum(0)
    W -= 0.1 * X.T @ dh; b -= 0.1 * dh.sum(0)
print(o)
