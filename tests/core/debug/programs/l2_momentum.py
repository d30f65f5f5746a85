import numpy as np

class Net:
    def __init__(self):
        np.random.seed(21)
        self.W = [np.random.randn(2, 4), np.random.randn(4, 1)]
        self.b = [np.zeros((1, 4)), np.zeros((1, 1))]
        self.vW = [np.zeros_like(w) for w in self.W]
        self.vb = [np.zeros_like(b) for b in self.b]

    def sigma(self, z):
        return 1 / (1 + np.exp(-z))

    def step(self, X, Y, lr=0.4, mu=0.9, l2=1e-5):
        n = len(X)
        A1 = self.sigma(X @ self.W[0] + self.b[0])
        A2 = self.sigma(A1 @ self.W[1] + self.b[1])
        D2 = (A2 - Y) / n
        D1 = D2 @ self.W[1].T * A1 * (1 - A1)
        gW = [X.T @ D1 + l2 * self.W[0], A1.T @ D2 + l2 * self.W[1]]
        gb = [D1.sum(0, keepdims=True), D2.sum(0, keepdims=True)]
        for i in range(2):
            self.vW[i] = mu * self.vW[i] - lr * gW[i]
            self.vb[i] = mu * self.vb[i] - lr * gb[i]
            self.W[i] += self.vW[i]
            self.b[i] += self.vb[i]
        return A2

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
net = Net()
for k in range(2000):
    out = net.step(X, Y)
print(out)
