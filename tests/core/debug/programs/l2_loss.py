import numpy as np
rng = np.random.RandomState(5)
X = np.array([[-1., -1.], [-1., 1.], [1., -1.], [1., 1.]])
T = np.array([-1., 1., 1., -1.])
W, bw, V, bv = rng.randn(4, 2) * .5, np.zeros(4), rng.randn(4) * .5, 0.
eta, lam = 0.05, 0.001
for epoch in range(1000):
    for x, t in zip(X, T):
        h = np.tanh(W.dot(x) + bw)
        y = np.tanh(V.dot(h) + bv)
        g = (y - t) * (1 - y * y)
        gh = g * V * (1 - h * h)
        V -= eta * (g * h + 2 * lam * V)
        bv -= eta * g
        W -= eta * (np.outer(gh, x) + 2 * lam * W)
        bw -= eta * gh
print(y)
