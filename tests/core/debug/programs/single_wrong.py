import numpy as np
np.random.seed(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [1]])  # OR
w = np.random.randn(2, 1)
b = 0.0
for i in range(2000):
    z = X @ w + b
    out = 1 / (1 + np.exp(-z))
    delta = (out - y) * z * (1 - z)
    w = w - 0.1 * X.T @ delta
    b = b - 0.1 * delta.sum()
print(out)
