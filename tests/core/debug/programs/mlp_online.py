#!/usr/bin/env python3
"""A tiny multilayer perceptron, trained one sample at a time."""
import numpy as np

LEARNING_RATE = 0.5
N_EPOCHS = 5000


def act(v):
    return 1.0 / (1.0 + np.exp(-v))


def dact(a):
    return a * (1.0 - a)


def train(samples, targets, seed=0):
    rng = np.random.default_rng(seed)
    Wh = rng.standard_normal((3, 2))
    bh = rng.standard_normal(3)
    Wo = rng.standard_normal((1, 3))
    bo = rng.standard_normal(1)
    for epoch in range(N_EPOCHS):
        order = rng.permutation(len(samples))
        for k in order:
            x, t = samples[k], targets[k]
            h = act(Wh @ x + bh)
            o = act(Wo @ h + bo)
            delta_o = (t - o) * dact(o)
            delta_h = (Wo.T @ delta_o) * dact(h)
            Wo += LEARNING_RATE * np.outer(delta_o, h)
            bo += LEARNING_RATE * delta_o
            Wh += LEARNING_RATE * np.outer(delta_h, x)
            bh += LEARNING_RATE * delta_h
    return Wh, bh, Wo, bo


def main():
    samples = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    targets = np.array([0, 1, 1, 0], dtype=float)
    Wh, bh, Wo, bo = train(samples, targets)
    for x, t in zip(samples, targets):
        out = act(Wo @ act(Wh @ x + bh) + bo)
        print(f"{x} -> {out[0]:.3f} (want {t:.0f})")


if __name__ == "__main__":
    main()
