import numpy as np

class TwoLayerNet:
    def __init__(self, seed):
        rs = np.random.RandomState(seed)
        self.W1 = rs.standard_normal((2, 4))
        self.b1 = np.zeros(4)
        self.W2 = rs.standard_normal((4, 1))
        self.b2 = np.zeros(1)

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def forward(self, X):
        self.H = self.sigmoid(X.dot(self.W1) + self.b1)
        return self.sigmoid(self.H.dot(self.W2) + self.b2).flatten()

    def backward(self, X, y, out, lr):
        delta = ((out - y) * out * (1 - out)).reshape(-1, 1)
        dH = delta.dot(self.W2.T) * self.H * (1 - self.H)
        self.W2 -= lr * self.H.T.dot(delta)
        self.b2 -= lr * delta.sum(axis=0)
        self.W1 -= lr * X.T.dot(dH)
        self.b1 -= lr * dH.sum(axis=0)

    def fit(self, X, y, epochs=5000, lr=1.0):
        for _ in range(epochs):
            out = self.forward(X)
            self.backward(X, y, out, lr)
            acc = np.mean((self.forward(X) > 0.5) == y)
        print("accuracy", acc)

net = TwoLayerNet(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
net.fit(X, np.array([0, 1, 1, 0]))
print(net.forward(X))
