# every weight shrinks a little at each step
import numpy as np
np.random.seed(4)
data = [([0, 0], -1), ([0, 1], 1), ([1, 0], 1), ([1, 1], -1)]
W1 = np.random.uniform(-1, 1, (3, 2))
B1 = np.random.uniform(-1, 1, 3)
W2 = np.random.uniform(-1, 1, 3)
B2 = 0.1
eta, shrink = 0.1, 1e-5
for epoch in range(3000):
    for x, target in data:
        x = np.array(x)
        h = np.tanh(W1.dot(x) + B1)
        out = np.tanh(W2.dot(h) + B2)
        delta = (out - target) * (1 - out**2)
        deltah = delta * W2 * (1 - h**2)
        W2 = (1 - shrink) * W2 - eta * delta * h
        B2 = B2 - eta * delta
        W1 = (1 - shrink) * W1 - eta * np.outer(deltah, x)
        B1 = B1 - eta * deltah
for x, target in data:
    print(x, target, np.tanh(W2.dot(np.tanh(W1.dot(np.array(x)) + B1)) + B2))
