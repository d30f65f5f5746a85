import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(scale=1.0, size=(n_in, n_out))
        self.b = np.zeros((1, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad, lr):
        grad_in = grad @ self.W.T
        self.W -= lr * (self.x.T @ grad)
        self.b -= lr * grad.sum(axis=0, keepdims=True)
        return grad_in


class Sigmoid:
    def forward(self, z):
        self.a = 1.0 / (1.0 + np.exp(-z))
        return self.a

    def backward(self, grad, lr):
        return grad * self.a * (1.0 - self.a)


class Network:
    def __init__(self, layers):
        self.layers = layers

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def fit(self, x, y, epochs, lr):
        for epoch in range(epochs):
            out = self.predict(x)
            grad = 2 * (out - y) / y.size
            for layer in reversed(self.layers):
                grad = layer.backward(grad, lr)
            if epoch % 2000 == 0:
                print(epoch, float(np.mean((out - y) ** 2)))


rng = np.random.default_rng(5)
net = Network([Dense(2, 3, rng), Sigmoid(), Dense(3, 1, rng), Sigmoid()])
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
y = np.array([[0], [1], [1], [0]], dtype=np.float64)
net.fit(x, y, epochs=10000, lr=2.0)
print(net.predict(x).round(2))
