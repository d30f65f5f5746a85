import numpy as np

def leaky(z, slope=0.1):
    return np.maximum(slope * z, z)

def leaky_grad(z):
    return np.where(z >= 0, 1, -0.1)

rng = np.random.default_rng(6)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=float)
Y = np.array([[0, 1, 1, 0]], dtype=float)
W1, b1 = rng.normal(size=(5, 2)), np.zeros((5, 1))
W2, b2 = rng.normal(size=(1, 5)), np.zeros((1, 1))
for i in range(3000):
    Z1 = W1 @ X + b1
    A1 = leaky(Z1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    dZ2 = (A2 - Y) / 4
    dZ1 = W2.T @ dZ2 * leaky_grad(Z1)
    W2 -= 0.5 * dZ2 @ A1.T
    b2 -= 0.5 * dZ2.sum(axis=1, keepdims=True)
    W1 -= 0.5 * dZ1 @ X.T
    b1 -= 0.5 * dZ1.sum(axis=1, keepdims=True)
print(A2)
