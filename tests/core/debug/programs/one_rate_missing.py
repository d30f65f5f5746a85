import numpy as np

class Net:
    def __init__(self, seed=29):
        r = np.random.default_rng(seed)
        self.v = r.normal(size=(3, 2))
        self.w = r.normal(size=(1, 3))
        self.bv = np.zeros((3, 1))
        self.bw = np.zeros((1, 1))

    def train_step(self, X, T, lr):
        H = np.tanh(self.v @ X + self.bv)
        Y = 1 / (1 + np.exp(-(self.w @ H + self.bw)))
        dY = Y - T
        dH = self.w.T @ dY * (1 - H * H)
        self.w -= lr * dY @ H.T
        self.bw -= dY.sum(axis=1, keepdims=True)
        self.v -= lr * dH @ X.T
        self.bv -= lr * dH.sum(axis=1, keepdims=True)
        return Y

X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
T = np.array([[0, 1, 1, 0]])
net = Net()
for i in range(2000):
    Y = net.train_step(X, T, 0.1)
print(Y)
