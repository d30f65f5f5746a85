import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([0, 1, 1, 0], dtype=float)

rng = np.random.default_rng(1)
W1 = rng.normal(size=(2, 4))
b1 = np.zeros(4)
w2 = rng.normal(size=4)
b2 = 0.0

def predict(X):
    h = np.tanh(X @ W1 + b1)
    return h, 1 / (1 + np.exp(-(h @ w2 + b2)))

for epoch in range(3000):
    h, p = predict(X)
    d = (p - y) / len(y)
    grad_w2 = h.T @ d
    grad_b2 = d.sum()
    dh = np.outer(d, w2) * (1 - h ** 2)
    W1 -= 0.5 * X.T @ dh
    b1 -= 0.5 * dh.sum(axis=0)
    w2 -= 0.5 * grad_w2
    b2 -= 0.5 * grad_b2
print(predict(X)[1])
