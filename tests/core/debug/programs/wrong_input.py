import numpy as np

def s(x):
    return 1 / (1 + np.exp(-x))

rng = np.random.RandomState(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
w1, w2, w3 = rng.randn(2, 3), rng.randn(3, 3), rng.randn(3, 1)
c1, c2, c3 = np.zeros(3), np.zeros(3), np.zeros(1)
for n in range(8000):
    a1 = s(X @ w1 + c1)
    a2 = s(a1 @ w2 + c2)
    a3 = s(a2 @ w3 + c3)
    d3 = (a3 - Y) * a3 * (1 - a3)
    d2 = d3 @ w3.T * a2 * (1 - a2)
    d1 = d2 @ w2.T * a1 * (1 - a1)
    w3 -= a2.T @ d3
    w2 -= a2.T @ d2
    w1 -= X.T @ d1
    c3 -= d3.sum(0)
    c2 -= d2.sum(0)
    c1 -= d1.sum(0)
print(a3)
