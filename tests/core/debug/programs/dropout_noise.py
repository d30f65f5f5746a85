import numpy as np
rng = np.random.default_rng(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); Y = np.array([[0], [1], [1], [0]])
W, b, V, c = rng.normal(size=(2, 8)), np.zeros(8), rng.normal(size=(8, 1)), np.zeros(1)
for i in range(4000):
    h = np.tanh(X @ W + b)
    mask = (rng.random(h.shape) > 0.2) / 0.8
    hm = h * mask
    o = 1 / (1 + np.exp(-(hm @ V + c)))
    d = (o - Y) / 4
    dh = d @ V.T * mask * (1 - h ** 2)
    V -= 0.3 * hm.T @ d; c -= 0.3 * d.sum(0)
    W -= 0.3 * X.T @ dh; b -= 0.3 * dh.sum(0)
print(o)
