import numpy as np
def act(z): return np.maximum(0.1 * z, z)
def slope(z):
    d = np.ones_like(z)
    d[z < 0] = 0.1
    return d
np.random.seed(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
y = np.array([[0], [1], [1], [0]], float)
W0 = np.random.randn(2, 4); c0 = np.zeros((1, 4))
W1 = np.random.randn(4, 1); c1 = np.zeros((1, 1))
for epoch in range(3000):
    z0 = X @ W0 + c0
    a0 = act(z0)
    z1 = a0 @ W1 + c1
    a1 = act(z1)
    err = a1 - y
    g1 = a0.T @ err
    gc1 = err.sum(0, keepdims=True)
    d0 = (err @ W1.T) * slope(z0)
    W1 -= 0.02 * g1; c1 -= 0.02 * gc1
    W0 -= 0.02 * X.T @ d0; c0 -= 0.02 * d0.sum(0, keepdims=True)
print(a1)
