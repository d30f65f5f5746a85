import numpy as np

class Perceptron3:
    def __init__(self):
        np.random.seed(100)
        self.w1 = np.random.rand(3, 4)
        self.w2 = np.random.rand(4, 1)

    def run(self, x):
        self.h = 1 / (1 + np.exp(-x @ self.w1))
        return 1 / (1 + np.exp(-self.h @ self.w2))

    def fit(self, x, t):
        o = self.run(x)
        d2 = (t - o) * o * (1 - o)
        d1 = (d2 @ self.w2.T) * self.h * (1 - self.h)
        self.w2 += self.h.T @ d2
        self.w1 += x.T @ d1

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=np.float)
T = np.array([[0], [1], [1], [0]], dtype=np.float)
p = Perceptron3()
for i in range(10000):
    p.fit(X, T)
print(p.run(X))
