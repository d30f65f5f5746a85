import numpy as np

class Net:
    def __init__(self, seed):
        r = np.random.RandomState(seed)
        self.W1, self.b1 = r.randn(3, 2), r.randn(3, 1)
        self.W2, self.b2 = r.randn(1, 3), r.randn(1, 1)

    def run(self, X):
        self.h = 1 / (1 + np.exp(-(self.W1.dot(X) + self.b1)))
        self.o = 1 / (1 + np.exp(-(self.W2.dot(self.h) + self.b2)))
        return self.o

    def learn(self, X, Y, eta):
        o = self.run(X)
        d2 = (o - Y) * o * (1 - o)
        e1 = self.W2.T.dot(d2)
        d1 = e1 * self.h * (1 - e1)
        self.W2 -= eta * d2.dot(self.h.T)
        self.b2 -= eta * d2.sum(axis=1, keepdims=True)
        self.W1 -= eta * d1.dot(X.T)
        self.b1 -= eta * d1.sum(axis=1, keepdims=True)

X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
net = Net(3)
for i in range(4000):
    net.learn(X, Y, 0.5)
print(net.run(X))
