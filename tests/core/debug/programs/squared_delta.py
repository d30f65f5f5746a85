import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
np.random.seed(50)
w1, b1 = np.random.randn(2, 4), np.random.randn(4)
w2, b2 = np.random.randn(4, 1), np.random.randn(1)

for epoch in range(3000):
    h = sigmoid(x @ w1 + b1)
    o = sigmoid(h @ w2 + b2)

    # squared error
    loss = (y - o) ** 2
    d_o = loss * o * (1 - o)
    d_h = d_o @ w2.T * h * (1 - h)

    w2 += 0.5 * h.T @ d_o
    b2 += 0.5 * d_o.sum(axis=0)
    w1 += 0.5 * x.T @ d_h
    b1 += 0.5 * d_h.sum(axis=0)

print(o)
