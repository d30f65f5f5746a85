import numpy as np

class Adam:
    def __init__(self, params, lr=0.02):
        self.params, self.lr, self.t = params, lr, 0
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m[...] = 0.9 * m + 0.1 * g
            v[...] = 0.999 * v + 0.001 * g * g
            mh = m / (1 - 0.9 ** self.t)
            vh = v / (1 - 0.999 ** self.t)
            p -= self.lr * mh / (np.sqrt(vh) + 1e-8)

np.random.seed(2)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
W1, b1, W2, b2 = np.random.randn(2, 4), np.zeros(4), np.random.randn(4, 1), np.zeros(1)
opt = Adam([W1, b1, W2, b2])
for i in range(1000):
    h = np.tanh(X @ W1 + b1)
    p = 1 / (1 + np.exp(-(h @ W2 + b2)))
    d = (p - Y) / 4
    dh = d @ W2.T * (1 - h * h)
    opt.step([X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)])
print(p)
