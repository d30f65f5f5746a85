import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

rng = np.random.RandomState(2)
W1, b1 = rng.randn(3, 2), np.zeros((3, 1))
W2, b2 = rng.randn(1, 3), np.zeros((1, 1))
X = [np.array([[a], [b]]) for a in (0, 1) for b in (0, 1)]
T = [0, 1, 1, 0]

for epoch in range(5000):
    for x, t in zip(X, T):
        # forward
        a1 = sigmoid(W1 @ x + b1)
        a2 = sigmoid(W2 @ a1 + b2)
        # backward
        delta2 = (a2 - t) * a2 * (1 - a2)
        delta1 = W2.T @ delta2 * a1 * (1 - a1)
        # gradients of all patterns
        gW2 = delta2 @ a1.T
        gb2 = delta2
        gW1 = delta1 @ x.T
        gb1 = delta1
    # update, once an epoch
    W2 -= 0.5 * gW2
    b2 -= 0.5 * gb2
    W1 -= 0.5 * gW1
    b1 -= 0.5 * gb1
print([sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2) for x in X])
