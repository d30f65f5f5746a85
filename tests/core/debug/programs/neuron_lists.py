# Нейронная сеть на чистом Python: без NumPy, только списки и циклы
import math
import random


class Network:
    def __init__(self, n_inputs, n_hidden):
        self.hidden = [[random.gauss(0, 1) for _ in range(n_inputs + 1)] for _ in range(n_hidden)]
        self.output = [random.gauss(0, 1) for _ in range(n_hidden + 1)]

    def activate(self, s):
        return 1.0 / (1.0 + math.exp(-s))

    def forward(self, x):
        self.h = []
        for w in self.hidden:
            s = w[-1]  # смещение
            for i in range(len(x)):
                s += w[i] * x[i]
            self.h.append(self.activate(s))
        s = self.output[-1]
        for i in range(len(self.h)):
            s += self.output[i] * self.h[i]
        self.y = self.activate(s)
        return self.y

    def backward(self, x, target, lr):
        d = (target - self.y) * self.y * (1 - self.y)
        # сначала дельты, потом веса
        deltas = [d * self.output[i] * self.h[i] * (1 - self.h[i]) for i in range(len(self.h))]
        for i in range(len(self.h)):
            self.output[i] += lr * d * self.h[i]
        self.output[-1] += lr * d
        for j in range(len(self.hidden)):
            for i in range(len(x)):
                self.hidden[j][i] += lr * deltas[j] * x[i]
            self.hidden[j][-1] += lr * deltas[j]


random.seed(3)
data = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
net = Network(2, 3)
for epoch in range(6000):
    for x, t in data:
        net.forward(x)
        net.backward(x, t, 0.5)
for x, t in data:
    print(x, t, "%.4f" % net.forward(x))
