import math, random

class Neuron:
    def __init__(self, n, rng):
        self.w = [rng.uniform(-1, 1) for _ in range(n)]
        self.b = rng.uniform(-1, 1)
        self.out = 0.0
        self.delta = 0.0

    def fire(self, xs):
        self.xs = xs
        z = self.b + sum(wi * xi for wi, xi in zip(self.w, xs))
        self.out = 1 / (1 + math.exp(-z))
        return self.out

    def update(self, lr):
        for i in range(len(self.w)):
            self.w[i] = self.w[i] - lr * self.delta * self.xs[i]
        self.b = self.b - lr * self.delta

rng = random.Random(2)
hidden = [Neuron(2, rng) for _ in range(3)]
last = Neuron(3, rng)
DATA = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
for epoch in range(5000):
    random.shuffle(DATA)
    for xs, target in DATA:
        y = last.fire([n.fire(xs) for n in hidden])
        last.delta = (y - target) * y * (1 - y)
        for k, n in enumerate(hidden):
            n.delta = last.delta * last.w[k] * n.out * (1 - n.out)
        for n in hidden + [last]:
            n.update(0.5)
for xs, target in DATA:
    print(xs, target, last.fire([n.fire(xs) for n in hidden]))
