# one neuron learns AND
import numpy as np

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
t = np.array([[0], [0], [0], [1]])
rng = np.random.RandomState(0)
w = rng.rand(2, 1)
b = rng.rand(1)
for n in range(10000):
    z = np.dot(x, w) + b
    a = 1 / (1 + np.exp(-z))
    delta = (a - t) * a * (1 - a)
    w -= 0.5 * np.dot(x.T, delta)
    b -= 0.5 * np.sum(delta)
print(a)
