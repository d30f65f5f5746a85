import numpy as np
np.random.seed(2)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); Y = np.array([[0], [1], [1], [0]])
W1, b1 = np.random.randn(2, 3), np.zeros((1, 3))
W2, b2 = np.random.randn(3, 1), np.zeros((1, 1))
sig = lambda z: 1 / (1 + np.exp(-z))
for i in range(4000):
    h = sig(X @ W1 + b1)
    o = sig(h @ W2 + b2)
    rmse = np.sqrt(np.mean((o - Y) ** 2))
    delta_o = (o - Y) * o * (1 - o)
    delta_h = (delta_o @ W2.T) * h * (1 - h) * h * (1 - h)
    W2 -= h.T @ delta_o
    b2 -= delta_o.sum(axis=0, keepdims=True)
    W1 -= X.T @ delta_h
    b1 -= delta_h.sum(axis=0, keepdims=True)
    if i % 500 == 0:
        print(i, rmse)
