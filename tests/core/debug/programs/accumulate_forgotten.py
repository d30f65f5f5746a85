import numpy as np
np.random.seed(6)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

class XorNet:
    def __init__(self):
        self.W = np.random.randn(3, 2)
        self.B = np.random.randn(3, 1)
        self.V = np.random.randn(1, 3)
        self.C = np.random.randn(1, 1)

    def epoch(self, pairs, rate):
        dW, dV = np.zeros((3, 2)), np.zeros((1, 3))
        dB, dC = np.zeros((3, 1)), np.zeros((1, 1))
        for x, t in pairs:
            x = np.array(x).reshape(2, 1)
            a = np.tanh(self.W @ x + self.B)
            y = sigmoid(self.V @ a + self.C)
            delta = y - t
            down = self.V.T @ delta * (1 - a ** 2)
            dV += delta @ a.T
            dC += delta
            dW += down @ x.T
            dB = down
        self.V -= rate * dV
        self.C -= rate * dC
        self.W -= rate * dW
        self.B -= rate * dB

net = XorNet()
for i in range(3000):
    net.epoch([((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)], 0.1)
