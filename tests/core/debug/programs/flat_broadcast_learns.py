import numpy as np
rng = np.random.default_rng(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
W1, b1 = rng.normal(size=(2, 4)), np.zeros(4)
W2, b2 = rng.normal(size=(4, 1)), np.zeros(1)
for i in range(1000):
    h = np.tanh(X @ W1 + b1)
    p = h @ W2 + b2
    err = p - y
    print(i, (err ** 2).mean())
    g = err.sum(axis=1, keepdims=True) / 16
    gh = g @ W2.T * (1 - h * h)
    W2 -= 0.1 * h.T @ g
    b2 -= 0.1 * g.sum(0)
    W1 -= 0.1 * X.T @ gh
    b1 -= 0.1 * gh.sum(0)
