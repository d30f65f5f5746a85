import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[0], [1], [1], [0]], dtype=float)

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class Net:
    def __init__(self):
        np.random.seed(0)
        self.params = [np.random.randn(2, 3), np.zeros((1, 3)), np.random.randn(3, 1), np.zeros((1, 1))]

    def forward(self):
        W1, b1, W2, b2 = self.params
        self.H = sigmoid(X @ W1 + b1)
        self.O = sigmoid(self.H @ W2 + b2)
        return 0.5 * np.sum((self.O - Y) ** 2)

    def backward(self):
        W1, b1, W2, b2 = self.params
        dO = (self.O - Y) * self.O * (1 - self.O)
        dH = dO @ W2.T
        return [X.T @ dH, dH.sum(0, keepdims=True), self.H.T @ dO, dO.sum(0, keepdims=True)]

net = Net()
net.forward()
mine = net.backward()
for p, g in zip(net.params, mine):
    for i in range(p.size):
        old = p.flat[i]
        p.flat[i] = old + 1e-5
        up = net.forward()
        p.flat[i] = old - 1e-5
        down = net.forward()
        p.flat[i] = old
        print((up - down) / 2e-5, g.flat[i])
for epoch in range(3000):
    net.forward()
    for p, g in zip(net.params, net.backward()):
        p -= 0.3 * g
print(net.O)
