import numpy as np
np.random.seed(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
W1 = np.random.randn(2, 4)
b1 = np.zeros(4)
W2 = np.random.randn(4, 1)
b2 = np.zeros(1)
for epoch in range(5000):
    h = 1 / (1 + np.exp(-(X @ W1 + b1)))
    o = 1 / (1 + np.exp(-(h @ W2 + b2)))
    error = o - y
    d_o = error.mean(axis=1, keepdims=True) * o * (1 - o)
    d_h = d_o @ W2.T * h * (1 - h)
    W2 -= 0.5 * h.T @ d_o
    b2 -= 0.5 * d_o.sum(axis=0)
    W1 -= 0.5 * X.T @ d_h
    b1 -= 0.5 * d_h.sum(axis=0)
print(o)
