import numpy as np

def samples(n):
    rng = np.random.default_rng(3)
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for i in rng.integers(0, 4, n):
        yield X[i:i + 1], np.array([[X[i, 0] ^ X[i, 1]]])

def sig(z):
    return 1 / (1 + np.exp(-z))

rng = np.random.default_rng(8)
W1, b1 = rng.normal(size=(2, 4)), np.zeros((1, 4))
W2, b2 = rng.normal(size=(4, 1)), np.zeros((1, 1))
for x, y in samples(20000):
    h = sig(x @ W1 + b1)
    o = sig(h @ W2 + b2)
    error = y - o
    delta_o = error * o * (1 - o)
    delta_h = error @ W2.T * h * (1 - h)
    W2 += 0.5 * h.T @ delta_o
    b2 += 0.5 * delta_o
    W1 += 0.5 * x.T @ delta_h
    b1 += 0.5 * delta_h
print(sig(sig(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) @ W1 + b1) @ W2 + b2))
