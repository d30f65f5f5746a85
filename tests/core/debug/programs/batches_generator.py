import numpy as np

def batches(X, y, size, rng):
    while True:
        order = rng.permutation(len(X))
        for start in range(0, len(X), size):
            pick = order[start:start + size]
            yield X[pick], y[pick]

def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))

rng = np.random.default_rng(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([[0], [1], [1], [0]], dtype=float)
W1 = rng.normal(0, 1, (2, 6))
b1 = np.zeros(6)
W2 = rng.normal(0, 1, (6, 1))
b2 = np.zeros(1)

for step, (xb, yb) in enumerate(batches(X, y, 2, rng)):
    a1 = np.tanh(xb @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    g2 = (a2 - yb) / len(xb)
    g1 = (g2 @ W2.T) * (1 - a1 * a1)
    W2 -= 0.3 * (a1.T @ g2)
    b2 -= 0.3 * g2.sum(axis=0)
    W1 -= 0.3 * (xb.T @ g1)
    b1 -= 0.3 * g1.sum(axis=0)
    if step >= 4000:
        break
print(sigmoid(np.tanh(X @ W1 + b1) @ W2 + b2))
