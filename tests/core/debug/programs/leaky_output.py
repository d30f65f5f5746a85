import numpy as np

def lrelu(z):
    return np.where(z > 0, z, 0.01 * z)

def lrelu_prime(z):
    return np.where(z > 0, 1.0, 0.01)

np.random.seed(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[0], [1], [1], [0]], dtype=float)
W1 = np.random.randn(2, 6)
b1 = np.zeros((1, 6))
W2 = np.random.randn(6, 1) * 0.5
b2 = np.full((1, 1), 0.2)
rate = 0.05
for epoch in range(6000):
    z1 = X @ W1 + b1
    a1 = lrelu(z1)
    z2 = a1 @ W2 + b2
    a2 = lrelu(z2)
    dz2 = (a2 - Y) * lrelu_prime(z2)
    dz1 = dz2 @ W2.T * lrelu_prime(z1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * np.sum(dz2, axis=0, keepdims=True)
    W1 -= rate * X.T @ dz1
    b1 -= rate * np.sum(dz1, axis=0, keepdims=True)
print(a2)
