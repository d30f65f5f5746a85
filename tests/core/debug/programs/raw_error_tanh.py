import numpy as np
np.random.seed(9)
X = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
Y = np.array([[-1], [1], [1], [-1]])
W1 = np.random.randn(2, 4) * 0.5
b1 = np.zeros((1, 4))
W2 = np.random.randn(4, 1) * 0.5
b2 = np.zeros((1, 1))
def tanh_prime(a):
    return 1 - a ** 2
for epoch in range(2000):
    h = np.tanh(X @ W1 + b1)
    o = np.tanh(h @ W2 + b2)
    error = o - Y
    delta = error * tanh_prime(o)
    delta_h = error @ W2.T * tanh_prime(h)
    W2 -= 0.05 * h.T @ delta
    b2 -= 0.05 * delta.sum(axis=0)
    W1 -= 0.05 * X.T @ delta_h
    b1 -= 0.05 * delta_h.sum(axis=0)
print(o)
