import numpy as np

class Layer:
    def __init__(self, n, m, act):
        self.W = np.random.randn(m, n)
        self.b = np.zeros((m, 1))
        self.act = act

    def forward(self, A):
        self.A0 = A
        Z = self.W @ A + self.b
        self.A = np.tanh(Z) if self.act == "tanh" else 1 / (1 + np.exp(-Z))
        return self.A

    def backward(self, dA, lr):
        if self.act == "tanh":
            dZ = dA * (1 - self.A ** 2)
        else:
            dZ = dA * self.A * (1 - self.A)
        m = dZ.shape[1]
        self.W = self.W - lr * dZ @ self.A0.T / m
        self.b = self.b - lr * dZ.sum(axis=1, keepdims=True) / m
        return self.W.T @ dZ

np.random.seed(3)
layers = [Layer(2, 4, "tanh"), Layer(4, 1, "sigmoid")]
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
for epoch in range(4000):
    A = X
    for layer in layers:
        A = layer.forward(A)
    dA = -(Y / A - (1 - Y) / (1 - A))
    for layer in reversed(layers):
        dA = layer.backward(dA, 1.0)
print(A)
