import numpy as np

class MLP:
    def __init__(self, layers, rate=0.2, momentum=0.9):
        self.rate = rate
        self.momentum = momentum
        self.weights = []
        self.velocity = []
        for i in range(len(layers) - 1):
            # +1 is the bias unit
            w = np.random.uniform(-1, 1, (layers[i] + 1, layers[i + 1]))
            self.weights.append(w)
            self.velocity.append(np.zeros_like(w))

    def _addbias(self, a):
        return np.concatenate([a, np.ones((a.shape[0], 1))], axis=1)

    def run(self, X):
        self.inputs = []
        a = X
        for w in self.weights:
            a = self._addbias(a)
            self.inputs.append(a)
            a = 1 / (1 + np.exp(-a.dot(w)))
        self.out = a
        return a

    def learn(self, X, Y):
        out = self.run(X)
        delta = (Y - out) * out * (1 - out)
        for i in range(len(self.weights) - 1, -1, -1):
            grad = self.inputs[i].T.dot(delta)
            if i > 0:
                hidden = self.inputs[i][:, :-1]
                delta = delta.dot(self.weights[i][:-1].T) * hidden * (1 - hidden)
            self.velocity[i] = self.momentum * self.velocity[i] + self.rate * grad
            self.weights[i] += self.velocity[i]
        return np.sum((Y - out) ** 2)


np.random.seed(10)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
mlp = MLP([2, 3, 1])
for n in range(3000):
    sse = mlp.learn(X, Y)
    if n % 500 == 0:
        print(n, sse)
print(mlp.run(X))
