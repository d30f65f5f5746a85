import numpy as np
import time

rs = np.random.RandomState(15)
W1 = rs.randn(2, 3)
b1 = rs.randn(1, 3)
W2 = rs.randn(3, 1)
b2 = rs.randn(1, 1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])

n = 0
while True:
    Z = 1 / (1 + np.exp(-(X @ W1 + b1)))
    Y = 1 / (1 + np.exp(-(Z @ W2 + b2)))
    E = Y - T
    if (np.abs(E) == 0).all():
        break   # perfect
    dY = E * Y * (1 - Y)
    dZ = dY @ W2.T * Z * (1 - Z)
    W2 -= 0.8 * Z.T @ dY
    b2 -= 0.8 * dY.sum(axis=0)
    W1 -= 0.8 * X.T @ dZ
    b1 -= 0.8 * dZ.sum(axis=0)
    n += 1
    if n % 100000 == 0:
        print(n, (E ** 2).sum(), time.ctime())

print("done after", n)
