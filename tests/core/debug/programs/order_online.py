# XOR, pattern by pattern
import numpy as np
import matplotlib.pyplot as plt

rng = np.random.RandomState(33)
W = rng.rand(2, 2) * 2 - 1
b = rng.rand(2) * 2 - 1
v = rng.rand(2) * 2 - 1
c = rng.rand() * 2 - 1

eta = 0.7
data = [(np.array([0, 0]), 0), (np.array([0, 1]), 1), (np.array([1, 0]), 1), (np.array([1, 1]), 0)]
curve = []

def s(a):
    return 1 / (1 + np.exp(-a))

for epoch in range(8000):
    total = 0
    for x, t in data:
        h = s(W.dot(x) + b)
        y = s(v.dot(h) + c)
        e = t - y
        total += e * e
        dy = e * y * (1 - y)
        v = v + eta * dy * h
        c = c + eta * dy
        dh = dy * v * h * (1 - h)
        W = W + eta * np.outer(dh, x)
        b = b + eta * dh
    curve.append(total)

plt.plot(curve)
plt.title("XOR")
plt.savefig("xor.png")
plt.show()
for x, t in data:
    print(x, t, s(v.dot(s(W.dot(x) + b)) + c))
