import numpy as np


def logistic(v):
    return 1 / (1 + np.exp(-v))


def step(w, x, y, rate):
    """One step of gradient descent over the four patterns."""
    hidden = logistic(x @ w["ih"] + w["h"])
    out = logistic(hidden @ w["ho"] + w["o"])
    err = y - out
    d_out = err * out * (1 - out)
    d_hid = (d_out @ w["ho"].T) * hidden * (1 - hidden)
    w["ho"] += rate * hidden.T @ d_out
    w["o"] += rate * d_out.sum(axis=0)
    w["ih"] -= rate * x.T @ d_hid
    w["h"] -= rate * d_hid.sum(axis=0)
    return (err ** 2).sum() / 2


def main(epochs=10000):
    np.random.seed(17)
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0], [1], [1], [0]])
    w = {
        "ih": np.random.randn(2, 3),
        "h": np.random.randn(3),
        "ho": np.random.randn(3, 1),
        "o": np.random.randn(1),
    }
    for epoch in range(epochs):
        cost = step(w, x, y, 0.5)
        if epoch % 1000 == 0:
            print("cost", cost)


if __name__ == "__main__":
    main()
