import numpy as np

class Model:
    def __init__(self, n_h=4):
        rng = np.random.default_rng(5)
        self.W1, self.b1 = rng.normal(size=(n_h, 2)), np.full((n_h, 1), 0.1)
        self.W2, self.b2 = rng.normal(size=(1, n_h)), np.zeros((1, 1))

    def forward(self, X):
        self.Z1 = self.W1 @ X + self.b1
        self.A1 = np.maximum(self.Z1, 0)
        self.A2 = 1 / (1 + np.exp(-(self.W2 @ self.A1 + self.b2)))
        return self.A2

    def backward(self, X, Y):
        m = X.shape[1]
        dZ2 = self.A2 - Y
        self.dW2 = dZ2 @ self.A1.T / m
        self.db2 = dZ2.sum(axis=1, keepdims=True) / m
        dZ1 = self.W2.T @ dZ2
        dZ1[self.Z1 <= 0] = 0
        self.dW1 = dZ1 @ X.T / m
        self.db1 = dZ1.sum(axis=0).reshape(-1, 1) / m

    def step(self, lr):
        for p in ("W1", "b1", "W2", "b2"):
            setattr(self, p, getattr(self, p) - lr * getattr(self, "d" + p))

X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], float)
Y = np.array([[0, 1, 1, 0]], float)
net = Model()
for i in range(3000):
    net.forward(X)
    net.backward(X, Y)
    net.step(0.5)
print(net.A2)
