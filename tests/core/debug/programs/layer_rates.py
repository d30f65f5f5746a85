import numpy as np

class Network:
    """Every layer has a learning rate of its own."""

    def __init__(self, sizes, rates, seed=3):
        rng = np.random.RandomState(seed)
        self.weights = [rng.randn(m, n) for m, n in zip(sizes[:-1], sizes[1:])]
        self.biases = [np.zeros((1, n)) for n in sizes[1:]]
        self.rates = rates

    def forward(self, x):
        self.activations = [x]
        for w, b in zip(self.weights, self.biases):
            z = self.activations[-1].dot(w) + b
            self.activations.append(1.0 / (1.0 + np.exp(-z)))
        return self.activations[-1]

    def backward(self, y):
        out = self.activations[-1]
        delta = (out - y) * out * (1 - out)
        for layer in reversed(range(len(self.weights))):
            a = self.activations[layer]
            grad_w = a.T.dot(delta)
            grad_b = delta.sum(axis=0, keepdims=True)
            if layer > 0:
                delta = delta.dot(self.weights[layer].T) * a * (1 - a)
            self.weights[layer] -= self.rates[layer] * grad_w
            self.biases[layer] -= self.rates[layer] * grad_b

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])

net = Network([2, 3, 1], rates=[2.0, 0.5])
for epoch in range(8000):
    net.forward(X)
    net.backward(Y)
print(net.forward(X).round(3))
