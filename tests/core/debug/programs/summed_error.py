import numpy as np
np.random.seed(5)
s = lambda x: 1 / (1 + np.exp(-x))
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
W1 = np.random.uniform(-1, 1, (2, 3))
b1 = np.random.uniform(-1, 1, (1, 3))
W2 = np.random.uniform(-1, 1, (3, 1))
b2 = np.random.uniform(-1, 1, (1, 1))
for epoch in range(3000):
    h = s(X @ W1 + b1)
    o = s(h @ W2 + b2)
    error = np.mean(o - Y)
    d2 = error * o * (1 - o)
    d1 = d2 @ W2.T * h * (1 - h)
    W2 -= 0.5 * h.T @ d2
    b2 -= 0.5 * d2.sum(axis=0, keepdims=True)
    W1 -= 0.5 * X.T @ d1
    b1 -= 0.5 * d1.sum(axis=0, keepdims=True)
print(o)
