"""usage: minibatch_cli.py [--hidden N] [--lr R] [--epochs N] [--batch N]"""
import argparse

import numpy as np


class Model:
    def __init__(self, hidden, seed):
        self.rng = np.random.default_rng(seed)
        self.w1 = self.rng.normal(0, 1, size=(2, hidden))
        self.b1 = self.rng.normal(0, 0.1, size=(hidden,))
        self.w2 = self.rng.normal(0, 0.5, size=(hidden, 1))
        self.b2 = np.zeros((1,))

    def predict(self, x):
        z = x @ self.w1 + self.b1
        a = np.where(z > 0, z, 0.01 * z)
        return z, a, 1 / (1 + np.exp(-(a @ self.w2 + self.b2)))

    def fit_batch(self, x, y, lr):
        z, a, p = self.predict(x)
        g = (p - y) / len(x)
        gz = g @ self.w2.T * np.where(z > 0, 1.0, 0.01)
        self.w2 -= lr * a.T @ g
        self.b2 -= lr * g.sum(axis=0)
        self.w1 -= lr * x.T @ gz
        self.b1 -= lr * gz.sum(axis=0)

    def fit(self, x, y, lr, epochs, batch):
        for epoch in range(epochs):
            order = self.rng.permutation(len(x))
            for start in range(0, len(x), batch):
                rows = order[start:start + batch]
                self.fit_batch(x[rows], y[rows], lr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=6)
    parser.add_argument("--lr", type=float, default=0.2)
    parser.add_argument("--epochs", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()

    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    model = Model(args.hidden, args.seed)
    model.fit(x, y, args.lr, args.epochs, args.batch)
    print(np.round(model.predict(x)[2], 3))


if __name__ == "__main__":
    main()
