import numpy as np

def act(z):
    return 1 / (1 + np.exp(-z))

def net(x):
    h = act(W @ x + b)
    return h, act(V @ h + c)

def mean_loss():
    total = 0
    for x, t in pairs:
        total += float(((net(x)[1] - t) ** 2).sum())
    return total / len(pairs)

np.random.seed(6)
W, b = np.random.randn(3, 2), np.random.randn(3, 1)
V, c = np.random.randn(1, 3), np.random.randn(1, 1)
pairs = [(np.array([[i], [j]]), np.array([[i ^ j]])) for i in (0, 1) for j in (0, 1)]
history = []
for epoch in range(4000):
    for x, t in pairs:
        h, o = net(x)
        do = (o - t) * o * (1 - o)
        dh = V.T @ do * h * (1 - h)
        V = V - 0.7 * do @ h.T
        c = c - 0.7 * do
        W = W - 0.7 * dh @ x.T
        b = b - 0.7 * dh
    history.append(mean_loss())
    if history[-1] < 0.001:
        break
print(len(history), history[-1])
