import numpy as np

class Data:
    def __init__(self, n):
        self.n = n
        self.X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    def __iter__(self):
        rng = np.random.default_rng(1)
        for _ in range(self.n):
            k = rng.permutation(4)[:2]
            yield self.X[k], (self.X[k].sum(axis=1, keepdims=True) % 2)

def sg(x):
    return 1 / (1 + np.exp(-x))

rng = np.random.default_rng(2)
A, a = rng.normal(size=(2, 5)), np.zeros(5)
B, b = rng.normal(size=(5, 1)), np.zeros(1)
for x, t in Data(6000):
    u = sg(x @ A + a)
    v = sg(u @ B + b)
    dv = (v - t) * v * (1 - v)
    du = dv @ B.T
    B -= 0.4 * u.T @ dv
    b -= 0.4 * dv.sum(0)
    A -= 0.4 * x.T @ du
    a -= 0.4 * du.sum(0)
print(sg(sg(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) @ A + a) @ B + b))
