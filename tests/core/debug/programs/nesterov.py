import numpy as np

def f(z):
    return 1 / (1 + np.exp(-z))

def grad(theta):
    W1, b1, W2, b2 = theta
    a = f(X @ W1 + b1)
    o = f(a @ W2 + b2)
    d2 = (o - Y) * o * (1 - o)
    d1 = d2 @ W2.T * a * (1 - a)
    return [X.T @ d1, d1.sum(0), a.T @ d2, d2.sum(0)]

rng = np.random.RandomState(13)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
theta = [rng.randn(2, 4), np.zeros(4), rng.randn(4, 1), np.zeros(1)]
velocity = [np.zeros_like(p) for p in theta]
for k in range(3000):
    ahead = [p + 0.9 * v for p, v in zip(theta, velocity)]
    g = grad(ahead)
    velocity = [0.9 * v - 0.2 * d for v, d in zip(velocity, g)]
    theta = [p + v for p, v in zip(theta, velocity)]
print(f(f(X @ theta[0] + theta[1]) @ theta[2] + theta[3]))
