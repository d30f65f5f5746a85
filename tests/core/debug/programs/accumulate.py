import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def train(data, epochs, lr):
    rng = np.random.default_rng(42)
    W1 = rng.standard_normal((3, 2))
    b1 = np.zeros(3)
    w2 = rng.standard_normal(3)
    b2 = 0.0
    for epoch in range(epochs):
        gW1, gb1, gw2, gb2 = np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(w2), 0.0
        for x, t in data:
            x = np.asarray(x, dtype=float)
            h = sigmoid(W1 @ x + b1)
            o = sigmoid(w2 @ h + b2)
            d = (o - t) * o * (1 - o)
            dh = d * w2 * h * (1 - h)
            gw2 += d * h
            gb2 += d
            gW1 += np.outer(dh, x)
            gb1 += dh
        W1 -= lr * gW1
        b1 -= lr * gb1
        w2 -= lr * gw2
        b2 -= lr * gb2
    return W1, b1, w2, b2

xor = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
W1, b1, w2, b2 = train(xor, 5000, 1.0)
for x, t in xor:
    print(x, t, sigmoid(w2 @ sigmoid(W1 @ np.array(x) + b1) + b2))
