import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
s = lambda z: 1 / (1 + np.exp(-z))

def train(rate, seed=1):
    rng = np.random.RandomState(seed)
    W, b = rng.randn(2, 3), np.zeros(3)
    V, c = rng.randn(3, 1), np.zeros(1)
    while True:
        h = s(X @ W + b)
        o = s(h @ V + c)
        d = (o - Y) * o * (1 - o)
        V = V - rate * h.T @ d
        c = c - rate * d.sum(axis=0)
        e = d @ V.T * h * (1 - h)
        W = W - rate * X.T @ e
        b = b - rate * e.sum(axis=0)
        yield np.mean((o - Y) ** 2)

for n, loss in enumerate(train(2.0)):
    if n % 500 == 0:
        print(n, loss)
    if n == 6000:
        break
