import numpy as np

def dense(n_in, n_out, rng):
    W = rng.normal(0, 1, (n_in, n_out))
    b = np.zeros(n_out)
    saved = {}

    def forward(x):
        saved["x"] = x
        return x @ W + b

    def backward(g, lr):
        gx = g @ W.T
        W[...] -= lr * saved["x"].T @ g
        b[...] -= lr * g.sum(axis=0)
        return gx

    return forward, backward

def activation(f, slope):
    saved = {}

    def forward(z):
        saved["a"] = f(z)
        return saved["a"]

    def backward(g, lr):
        return g * slope(saved["a"])

    return forward, backward

rng = np.random.default_rng(10)
layers = [
    dense(2, 3, rng),
    activation(np.tanh, lambda a: 1 - a ** 2),
    dense(3, 1, rng),
    activation(lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
]
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
for epoch in range(3000):
    out = X
    for forward, _ in layers:
        out = forward(out)
    g = 2 * (out - Y) / len(Y)
    for _, backward in reversed(layers):
        g = backward(g, 0.8)
print(out)
