"""The network of the lessons once more, in a plain loop that takes nothing from xortui."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

X: Array = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
XOR: Array = np.array([[0], [1], [1], [0]], dtype=float)
XNOR: Array = 1 - XOR


def sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def by_chance(random: np.random.RandomState, *shape: int) -> Array:
    return random.random_sample(shape)


@dataclass
class Plain:
    """Weights, what the last forward and backward pass made, and one mistake if one is wanted."""

    seed: int = 0
    rate: float = 0.1
    hidden: int = 2
    is_xnor: bool = False
    tanh: bool = False
    bias: bool = False
    draw: Callable[..., Array] = by_chance
    mistake: str = ""
    momentum: float = 0.0

    def __post_init__(self) -> None:
        self.labels = XNOR if self.is_xnor else XOR
        random = np.random.RandomState(self.seed)
        self.W1, self.W2 = self.draw(random, 2, self.hidden), self.draw(random, self.hidden, 1)
        self.b1, self.b2 = np.zeros(self.hidden), np.zeros(1)
        self.v1, self.v2 = np.zeros_like(self.W1), np.zeros_like(self.W2)
        self.step = 0
        self.passes()

    def outputs(self, first: Array, second: Array) -> tuple[Array, Array, Array]:
        z1 = X @ first + self.b1
        a1 = np.tanh(z1) if self.tanh else sigmoid(z1)
        return z1, a1, a1 @ second + self.b2

    def passes(self) -> None:
        self.z1, self.a1, self.yhat = self.outputs(self.W1, self.W2)
        self.losses = (self.yhat - self.labels) ** 2 / 2
        self.L, self.loss = float(self.losses.sum()), float(self.losses.mean())
        error = self.yhat - self.labels
        self.dyhat = error / 4 if self.mistake == "mean" else error
        self.dW2, self.db2 = self.a1.T @ self.dyhat, self.dyhat.sum(axis=0)
        W2 = self.W2 - self.rate * self.dW2 if self.mistake == "early" else self.W2
        self.da1 = self.dyhat @ W2.T
        a = sigmoid(self.a1) if self.mistake == "double" else self.a1
        slope = 1 - a * a if self.tanh else a * (1 - a)
        self.dz1 = self.da1 * (np.ones_like(slope) if self.mistake == "no slope" else slope)
        self.dW1, self.db1 = X.T @ self.dz1, self.dz1.sum(axis=0)
        if self.mistake == "transpose":
            self.dW1 = self.dz1.T @ X

    def to(self, step: int) -> "Plain":
        """On to a step, or to where a weight or the loss is not finite."""
        sign = -1 if self.mistake == "uphill" else 1
        if not (self.mistake or self.bias or self.tanh) and self.rate <= 0.1:
            self._train(step - self.step)
        with np.errstate(all="ignore"):
            while self.step < step and math.isfinite(self.loss):
                self.v1 = self.momentum * self.v1 + self.dW1
                self.v2 = self.momentum * self.v2 + self.dW2
                self.W1 = self.W1 - sign * self.rate * self.v1
                self.W2 = self.W2 - sign * self.rate * self.v2
                if self.bias:
                    self.b1 = self.b1 - sign * self.rate * self.db1
                    self.b2 = self.b2 - sign * self.rate * self.db2
                self.step += 1
                self.passes()
        return self

    def _train(self, steps: int) -> None:
        """So many steps of the usual network, with nothing but what they need."""
        first, second = self.W1, self.W2
        for _ in range(steps):
            a1 = 1 / (1 + np.exp(-(X @ first)))
            error = a1 @ second - self.labels
            back = (error @ second.T) * a1 * (1 - a1)
            self.v2 = self.momentum * self.v2 + a1.T @ error
            self.v1 = self.momentum * self.v1 + X.T @ back
            second = second - self.rate * self.v2
            first = first - self.rate * self.v1
        self.W1, self.W2, self.step = first, second, self.step + steps
        self.passes()

    def noise(self, seed: int, deviation: float) -> "Plain":
        """Normal noise on every weight."""
        made = np.random.RandomState(seed).standard_normal(self.W1.size + self.W2.size) * deviation
        self.W1 = self.W1 + made[: self.W1.size].reshape(self.W1.shape)
        self.W2 = self.W2 + made[self.W1.size :].reshape(self.W2.shape)
        self.passes()
        return self

    @property
    def diverged(self) -> bool:
        return not all(np.isfinite(part).all() for part in (self.W1, self.W2, np.array(self.loss)))

    @property
    def right(self) -> int:
        return int(((self.yhat > 0.5) == (self.labels > 0.5)).sum())

    @property
    def solved(self) -> bool:
        return self.right == 4 and self.loss < 0.01

    def slope_of(self, layer: int, index: tuple[int, int], h: float, central: bool = True) -> float:
        """The finite difference of L for one weight."""

        def at(by: float) -> float:
            weights = [self.W1.copy(), self.W2.copy()]
            weights[layer - 1][index] += by
            return float(((self.outputs(*weights)[2] - self.labels) ** 2 / 2).sum())

        return (at(h) - at(-h)) / (2 * h) if central else (at(h) - at(0)) / h

    def is_gradient(self, layer: int) -> bool:
        """Whether the gradient of a layer is what finite differences say."""
        gradient = self.dW1 if layer == 1 else self.dW2
        slopes = [self.slope_of(layer, (i, j), 1e-5) for i, j in np.ndindex(*gradient.shape)]
        return bool(np.allclose(gradient.ravel(), slopes, rtol=1e-5, atol=1e-8))


def solved_of(count: int, steps: int, momentum: float = 0.0) -> int:
    """How many of the first seeds are solved; all of them are trained at once."""
    runs = [Plain(seed) for seed in range(count)]
    first, second = (np.array([getattr(run, name) for run in runs]) for name in ("W1", "W2"))
    v1, v2 = np.zeros_like(first), np.zeros_like(second)
    for _ in range(steps):
        a1 = sigmoid(X @ first)
        error = a1 @ second - XOR
        back = (error @ second.transpose(0, 2, 1)) * a1 * (1 - a1)
        v1, v2 = momentum * v1 + X.T @ back, momentum * v2 + a1.transpose(0, 2, 1) @ error
        first, second = first - 0.1 * v1, second - 0.1 * v2
    outputs = sigmoid(X @ first) @ second
    is_right = ((outputs > 0.5) == (XOR > 0.5)).all(axis=(1, 2))
    return int((is_right & (((outputs - XOR) ** 2 / 2).mean(axis=(1, 2)) < 0.01)).sum())


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's interval, solved from its definition: |p − share| = z·sqrt(p(1 − p)/n)."""
    share, z2 = successes / trials, 1.959963984540054**2
    low, high = sorted(np.roots([1 + z2 / trials, -(2 * share + z2 / trials), share**2]).real)
    return float(low), float(high)
