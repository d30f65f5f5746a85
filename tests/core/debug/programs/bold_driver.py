import numpy as np
rng = np.random.RandomState(7)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
p = [rng.randn(2, 3), np.zeros((1, 3)), rng.randn(3, 1), np.zeros((1, 1))]

def forward(p):
    h = 1 / (1 + np.exp(-(X @ p[0] + p[1])))
    return h, 1 / (1 + np.exp(-(h @ p[2] + p[3])))

def loss(p):
    return 0.5 * ((forward(p)[1] - Y) ** 2).sum()

def grad(p):
    h, o = forward(p)
    d = (o - Y) * o * (1 - o)
    e = d @ p[2].T * h * (1 - h)
    return [X.T @ e, e.sum(0, keepdims=True), h.T @ d, d.sum(0, keepdims=True)]

eta, before = 0.5, loss(p)
for k in range(5000):
    g = grad(p)
    trial = [w - eta * d for w, d in zip(p, g)]
    now = loss(trial)
    if now <= before:       # good: a bolder step next time
        p, before, eta = trial, now, eta * 1.05
    else:                   # too far: back, and smaller
        eta *= 0.5
print(before, eta)
