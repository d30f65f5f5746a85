import numpy as np

def unroll(t):
    return t[:4].reshape(2, 2), t[4:6], t[6:8].reshape(2, 1), t[8:]

def f(t):
    W, b, V, c = unroll(t)
    h = 1 / (1 + np.exp(-(X @ W + b)))
    return h, 1 / (1 + np.exp(-(h @ V + c)))

def J(t):
    return 0.5 * np.mean((f(t)[1] - Y) ** 2)

def gradJ(t):
    W, b, V, c = unroll(t)
    h, o = f(t)
    d = (o - Y) * o * (1 - o) / len(X)
    e = d @ V.T * h * (1 - h)
    return np.concatenate([(X.T @ e).ravel(), e.sum(0), (h.T @ d).ravel(), d.sum(0)])

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Y = np.array([[0], [1], [1], [0]], float)
theta = np.random.RandomState(6).randn(9)
num = np.array([(J(theta + d) - J(theta - d)) / 2e-4 for d in 1e-4 * np.eye(9)])
print("gradient check:", np.linalg.norm(num - gradJ(theta)) / np.linalg.norm(num))
for i in range(20000):
    theta = theta - 4.0 * gradJ(theta)
print(f(theta)[1].ravel())
