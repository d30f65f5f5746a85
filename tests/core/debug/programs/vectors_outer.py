import numpy as np
np.random.seed(2)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

W1 = np.random.randn(3, 2)
b1 = np.zeros(3)
W2 = np.random.randn(1, 3)
b2 = np.zeros(1)
X = [np.array(p) for p in [(0, 0), (0, 1), (1, 0), (1, 1)]]
T = [0, 1, 1, 0]
for epoch in range(3000):
    for x, t in zip(X, T):
        h = np.tanh(np.dot(W1, x) + b1)
        o = sigmoid(np.dot(W2, h) + b2)
        delta_o = (o - t) * o * (1 - o)
        delta_h = np.dot(W2.T, delta_o) * h * (1 - h)
        W2 -= 0.3 * np.outer(delta_o, h)
        b2 -= 0.3 * delta_o
        W1 -= 0.3 * np.outer(delta_h, x)
        b1 -= 0.3 * delta_h
print([sigmoid(W2 @ np.tanh(W1 @ x + b1) + b2) for x in X])
