from random import Random
from math import exp

class Neuron:
    def __init__(self, inputs):
        r = Random(1)
        self.weights = [r.uniform(-1, 1) for _ in range(inputs)]
        self.bias = r.uniform(-1, 1)

    def output(self, xs):
        total = self.bias
        for w, x in zip(self.weights, xs):
            total += w * x
        return 1 / (1 + exp(-total))

    def train(self, xs, target, rate):
        out = self.output(xs)
        delta = (target - out) * out * (1 - out)
        for i, x in enumerate(xs):
            self.weights[i] += rate * delta * x
        self.bias += rate * delta

neuron = Neuron(2)
xor = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
for epoch in range(5000):
    for xs, target in xor:
        neuron.train(xs, target, 0.3)
for xs, target in xor:
    print(xs, target, neuron.output(xs))
