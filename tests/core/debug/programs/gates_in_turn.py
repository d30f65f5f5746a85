import numpy as np


class GateNet:
    """Learns one gate after the other: first OR, then AND, at last XOR."""

    def __init__(self):
        np.random.seed(35)
        self.reset()

    def reset(self):
        self.w1 = np.random.randn(2, 3)
        self.b1 = np.random.randn(3)
        self.w2 = np.random.randn(3, 1)
        self.b2 = np.random.randn(1)

    def output(self, x):
        self.h = 1 / (1 + np.exp(-(x @ self.w1 + self.b1)))
        return 1 / (1 + np.exp(-(self.h @ self.w2 + self.b2)))

    def learn(self, x, y, n):
        for _ in range(n):
            o = self.output(x)
            d = (y - o) * o * (1 - o)
            e = d @ self.w2.T * self.h * (1 - self.h)
            self.w2 += 0.7 * self.h.T @ d
            self.b2 += 0.7 * d.sum(axis=0)
            self.w1 += 0.7 * x.T @ e
            self.b1 += 0.7 * e.sum(axis=0)


x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
net = GateNet()
for gate, y in [("OR", [0, 1, 1, 1]), ("AND", [0, 0, 0, 1]), ("XOR", [0, 1, 1, 0])]:
    net.reset()
    net.learn(x, np.array(y).reshape(4, 1), 6000)
    print(gate, net.output(x).ravel().round(3))
