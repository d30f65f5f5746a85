import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])

def logistic(z):
    return 1 / (1 + np.exp(-z))

def training(hidden, rate, seed):
    """Yields the loss after every epoch, for ever."""
    rng = np.random.RandomState(seed)
    W, b = rng.randn(2, hidden), np.zeros(hidden)
    V, c = rng.randn(hidden, 1), np.zeros(1)
    epoch = 0
    while True:
        h = logistic(X @ W + b)
        o = logistic(h @ V + c)
        delta_o = (o - Y) * o * (1 - o)
        delta_h = delta_o @ V.T * h * (1 - h)
        V = V - rate * h.T @ delta_o
        c = c - rate * delta_o.sum(axis=0)
        W = W - rate * X.T @ delta_h
        b = b - rate * delta_h.sum(axis=0)
        epoch += 1
        yield epoch, 0.5 * np.sum((o - Y) ** 2), o

for epoch, loss, outputs in training(3, 1.5, 2):
    if epoch % 1000 == 0:
        print(epoch, loss)
    if loss < 0.001 or epoch == 20000:
        break
print(outputs)
