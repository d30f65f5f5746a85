import numpy as np
X = np.matrix('0 0; 0 1; 1 0; 1 1')
Y = np.matrix('0; 1; 1; 0')
rng = np.random.RandomState(3)
A = np.matrix(rng.randn(2, 3)); a = np.matrix(np.zeros((1, 3)))
B = np.matrix(rng.randn(3, 1)); b = np.matrix(np.zeros((1, 1)))
def f(z): return 1 / (1 + np.exp(-z))
for k in range(6000):
    H = f(X * A + a)
    O = f(H * B + b)
    dO = np.multiply(O - Y, np.multiply(O, 1 - O))
    dH = np.multiply(dO * B.T, np.multiply(H, 1 - H))
    B = B - 1.0 * H.T * dO
    b = b - 1.0 * dO.sum(axis=0)
    A = A - 1.0 * X.T * dH
    a = a - 1.0 * dH.sum(axis=0)
print(O)
