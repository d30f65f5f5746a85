from dataclasses import dataclass
import numpy as np

@dataclass
class Dense:
    W: np.ndarray
    b: np.ndarray
    kind: str
    x: np.ndarray = None
    z: np.ndarray = None

    def forward(self, x):
        self.x = x
        self.z = x @ self.W + self.b
        if self.kind == "relu":
            return np.where(self.z > 0, self.z, 0)
        return 1 / (1 + np.exp(-self.z))

    def backward(self, grad, lr):
        if self.kind == "relu":
            grad = grad * (self.z > 0)
        dx = grad @ self.W.T
        self.W = self.W - lr * (self.x.T @ grad)
        self.b = self.b - lr * grad.sum(axis=0)
        return dx

rng = np.random.default_rng(11)
net = [Dense(rng.normal(size=(2, 4)), np.full(4, 0.1), "relu"), Dense(rng.normal(size=(4, 1)), np.zeros(1), "sigmoid")]
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
for _ in range(4000):
    out = X
    for layer in net:
        out = layer.forward(out)
    grad = (out - Y) / 4
    for layer in reversed(net):
        grad = layer.backward(grad, 0.5)
print(out)
