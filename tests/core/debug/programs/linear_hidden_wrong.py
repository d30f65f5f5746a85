import numpy as np
rng = np.random.RandomState(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); Y = np.array([[0], [1], [1], [0]])
W1, b1, W2, b2 = rng.randn(2, 3), np.zeros(3), rng.randn(3, 1), np.zeros(1)
def sigmoid(z): return 1 / (1 + np.exp(-z))
def dsigmoid(a): return a * (1 - a)
for i in range(2000):
    z1 = X @ W1 + b1
    a2 = sigmoid(z1 @ W2 + b2)
    d2 = (a2 - Y) * dsigmoid(a2)
    d1 = d2 @ W2.T * dsigmoid(z1)
    W2 -= 0.1 * z1.T @ d2; b2 -= 0.1 * d2.sum(0)
    W1 -= 0.1 * X.T @ d1; b1 -= 0.1 * d1.sum(0)
print(a2)
