import numpy as np

class ReluNet:
    """2 -> 8 -> 1, ReLU in the middle and a linear output, trained with MSE."""

    def __init__(self, hidden=8, seed=4):
        np.random.seed(seed)
        self.w1 = np.random.randn(2, hidden) * np.sqrt(2 / 2)
        self.b1 = np.zeros((1, hidden))
        self.w2 = np.random.randn(hidden, 1) * np.sqrt(2 / hidden)
        self.b2 = np.zeros((1, 1))

    def forward(self, x):
        self.z1 = x @ self.w1 + self.b1
        self.a1 = np.maximum(0, self.z1)
        self.out = self.a1 @ self.w2 + self.b2
        return self.out

    def loss(self, y):
        return np.mean((self.out - y) ** 2)

    def backward(self, x, y):
        n = len(x)
        dout = 2 * (self.out - y) / n
        self.dw2 = self.a1.T @ dout
        self.db2 = np.sum(dout, axis=0, keepdims=True)
        da1 = dout @ self.w2.T
        dz1 = da1.copy()
        dz1[self.z1 <= 0] = 0
        self.dw1 = x.T @ dz1
        self.db1 = np.sum(dz1, axis=0, keepdims=True)

    def update(self, lr):
        self.w1 -= lr * self.dw1
        self.b1 -= lr * self.db1
        self.w2 -= lr * self.dw2
        self.b2 -= lr * self.db2


if __name__ == '__main__':
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0], [1], [1], [0]])
    net = ReluNet()
    for step in range(3000):
        net.forward(x)
        net.backward(x, y)
        net.update(0.1)
        if step % 300 == 0:
            print('step {:5d}  loss {:.5f}'.format(step, net.loss(y)))
    print(net.forward(x))
