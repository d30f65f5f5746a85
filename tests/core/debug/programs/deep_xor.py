"""Fully connected net of any depth, trained on XOR."""
import numpy as np

SIZES = [2, 4, 3, 1]
RATE = 0.4


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def make_net(sizes, seed):
    gen = np.random.default_rng(seed)
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        weights.append(gen.normal(0.0, 1.0, (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def activations(weights, biases, x):
    acts = [x]
    for k in range(len(weights)):
        acts.append(sigmoid(acts[-1] @ weights[k] + biases[k]))
    return acts


def gradients(weights, acts, y):
    delta = (acts[-1] - y) * acts[-1] * (1 - acts[-1])
    gw, gb = [None] * len(weights), [None] * len(weights)
    for k in reversed(range(len(weights))):
        gw[k] = acts[k].T @ delta
        gb[k] = delta.sum(axis=0)
        if k > 0:
            delta = (delta @ weights[k].T) * acts[k] * (1 - acts[k])
    return gw, gb


def train(x, y, epochs=20000):
    weights, biases = make_net(SIZES, seed=8)
    for epoch in range(epochs):
        acts = activations(weights, biases, x)
        gw, gb = gradients(weights, acts, y)
        for k in range(len(weights)):
            weights[k] -= RATE * gw[k]
            biases[k] -= RATE * gb[k]
        if epoch % 4000 == 0:
            print(epoch, 0.5 * np.sum((acts[-1] - y) ** 2))
    return weights, biases


x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
y = np.array([[0], [1], [1], [0]], float)
w, b = train(x, y)
print(activations(w, b, x)[-1])
