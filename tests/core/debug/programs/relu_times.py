import numpy as np
class Relu:
    def forward(self, x):
        self.x = x
        return x * (x > 0)
    def backward(self, g):
        return g * (self.x > 0)
class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y
    def backward(self, g):
        return g * self.y * (1 - self.y)
class Linear:
    def __init__(self, i, o):
        self.w = np.random.randn(i, o) * np.sqrt(2 / i)
        self.b = np.zeros(o)
    def forward(self, x):
        self.x = x
        return x @ self.w + self.b
    def backward(self, g):
        self.gw = np.outer(self.x, g)
        self.gb = g
        return self.w @ g
    def step(self, lr):
        self.w -= lr * self.gw
        self.b -= lr * self.gb
class Sequential:
    def __init__(self, *layers):
        self.layers = layers
    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x
    def backward(self, g):
        for l in self.layers[::-1]:
            g = l.backward(g)
    def step(self, lr):
        for l in self.layers:
            if hasattr(l, "step"):
                l.step(lr)
np.random.seed(0)
net = Sequential(Linear(2, 8), Relu(), Linear(8, 1), Sigmoid())
X = [np.array(v, float) for v in ([0, 0], [0, 1], [1, 0], [1, 1])]
T = [0, 1, 1, 0]
for epoch in range(2000):
    loss = 0
    for x, t in zip(X, T):
        y = net.forward(x)
        loss += ((y - t) ** 2).item()
        net.backward(2 * (y - t))
        net.step(0.1)
print(loss)
