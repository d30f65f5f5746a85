import numpy as np

class Layer:
    def __init__(self, n, m, rng):
        self.W = rng.normal(0, 1, (m, n))
        self.b = rng.normal(0, 0.5, (m, 1))

    def __call__(self, x):
        self.x = x
        self.a = np.tanh(self.W @ x + self.b)
        return self.a

    def back(self, grad, eta):
        delta = grad * (1 - self.a ** 2)
        down = self.W.T @ delta
        self.W -= eta * delta @ self.x.T
        return down

rng = np.random.default_rng(1)
net = [Layer(2, 4, rng), Layer(4, 1, rng)]
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[-1, 1, 1, -1]])
for step in range(2000):
    a = X
    for layer in net:
        a = layer(a)
    g = a - Y
    for layer in net[::-1]:
        g = layer.back(g, 0.05)
print(a)
