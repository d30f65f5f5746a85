import numpy as np

X = np.array([[0,0],[0,1],[1,0],[1,1]], dtype=float)
Y = np.array([[0],[1],[1],[0]], dtype=float)

class Net:
    def __init__(self):
        # start everything at 0.5, the network will find the weights itself
        self.W1 = np.full((2, 2), 0.5)
        self.b1 = np.zeros((1, 2))
        self.W2 = np.full((2, 1), 0.5)
        self.b2 = np.zeros((1, 1))

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def step(self, lr):
        z1 = X @ self.W1 + self.b1
        a1 = self.sigmoid(z1)
        z2 = a1 @ self.W2 + self.b2
        a2 = self.sigmoid(z2)
        dz2 = (a2 - Y) * self.sigmoid(z2) * (1 - self.sigmoid(z2))
        dW2 = a1.T @ dz2
        db2 = dz2.sum(axis=0, keepdims=True)
        dz1 = (dz2 @ self.W2.T) * self.sigmoid(z1) * (1 - self.sigmoid(z1))
        dW1 = X.T @ dz1
        db1 = dz1.sum(axis=0, keepdims=True)
        self.W1 = self.W1 - lr * dW1
        self.b1 = self.b1 - lr * db1
        self.W2 = self.W2 - lr * dW2
        self.b2 = self.b2 - lr * db2
        return a2

net = Net()
for i in range(10000):
    out = net.step(0.5)
print(out)
