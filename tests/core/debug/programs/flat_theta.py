import numpy as np

# all parameters in one vector, as an optimiser wants them
H = 3
sizes = [2 * H, H, H, 1]
cuts = np.cumsum(sizes)[:-1]


def unroll(theta):
    w, b, v, c = np.split(theta, cuts)
    return w.reshape(2, H), b, v.reshape(H, 1), c


def cost_and_gradient(theta, x, y):
    w, b, v, c = unroll(theta)
    h = np.tanh(x @ w + b)
    p = 1 / (1 + np.exp(-(h @ v + c)))
    cost = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    dp = (p - y) / len(x)
    dh = dp @ v.T * (1 - h ** 2)
    parts = [x.T @ dh, dh.sum(axis=0), h.T @ dp, dp.sum(axis=0)]
    return cost, np.concatenate([part.ravel() for part in parts])


def minimise(fun, theta, steps, rate):
    for step in range(steps):
        cost, gradient = fun(theta)
        theta = theta - rate * gradient
        if step % 200 == 0:
            print(step, cost)
    return theta


x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
theta = np.random.RandomState(6).normal(size=sum(sizes))
theta = minimise(lambda t: cost_and_gradient(t, x, y), theta, 2000, 0.5)
print(unroll(theta))
