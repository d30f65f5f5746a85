import numpy as np
rng = np.random.default_rng(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); Y = np.array([[0], [1], [1], [0]])
R = rng.normal(0, 2, size=(2, 20))
V = np.zeros((20, 1))
for i in range(2000):
    h = np.tanh(X @ R + 0.5)
    o = 1 / (1 + np.exp(-(h @ V)))
    V -= 0.1 * h.T @ (o - Y)
print(o)
