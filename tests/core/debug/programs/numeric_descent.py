import numpy as np

def net(p, X):
    W1, b1, W2, b2 = p[:4].reshape(2, 2), p[4:6], p[6:8], p[8]
    h = np.tanh(X @ W1 + b1)
    return 1 / (1 + np.exp(-(h @ W2 + b2)))

def loss(p):
    return np.mean((net(p, X) - Y) ** 2)

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([0, 1, 1, 0])
p = np.random.RandomState(1).randn(9)
for step in range(2000):
    g = np.zeros(9)
    for i in range(9):
        e = np.zeros(9)
        e[i] = 1e-5
        g[i] = (loss(p + e) - loss(p - e)) / 2e-5
    p = p - 1.0 * g
print(net(p, X))
