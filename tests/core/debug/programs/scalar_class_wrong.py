import math

class Net:
    def __init__(self):
        self.w = [0.2, -0.5, 0.7, 0.4, -0.3, 0.9]
        self.b = [0.1, -0.1, 0.05]

    def s(self, v):
        return 1 / (1 + math.exp(-v))

    def forward(self, a, b):
        self.h1 = self.s(a * self.w[0] + b * self.w[1] + self.b[0])
        self.h2 = self.s(a * self.w[2] + b * self.w[3] + self.b[1])
        self.o = self.s(self.h1 * self.w[4] + self.h2 * self.w[5] + self.b[2])
        return self.o

    def train(self, a, b, t, lr=0.5):
        o = self.forward(a, b)
        err = t - o
        d = err * o * (1 - o)
        d1 = err * self.w[4] * self.h1 * (1 - self.h1)
        d2 = err * self.w[5] * self.h2 * (1 - self.h2)
        self.w[4] += lr * d * self.h1
        self.w[5] += lr * d * self.h2
        self.b[2] += lr * d
        self.w[0] += lr * d1 * a
        self.w[1] += lr * d1 * b
        self.b[0] += lr * d1
        self.w[2] += lr * d2 * a
        self.w[3] += lr * d2 * b
        self.b[1] += lr * d2

net = Net()
for e in range(5000):
    for a in (0, 1):
        for b in (0, 1):
            net.train(a, b, a ^ b)
print([net.forward(a, b) for a in (0, 1) for b in (0, 1)])
