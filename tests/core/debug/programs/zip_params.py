import numpy as np
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
rng = np.random.default_rng(0)
params = {"W1": rng.normal(0, 1, (2, 4)), "b1": np.zeros(4), "W2": rng.normal(0, 1, (4, 1)), "b2": np.zeros(1)}

def step(params, lr):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = np.tanh(X.dot(W1) + b1)
    p = 1 / (1 + np.exp(-(h.dot(W2) + b2)))
    d2 = p - Y
    d1 = d2.dot(W2.T) * (1 - h ** 2)
    grads = {"W2": h.T.dot(d2), "b2": d2.sum(0), "W1": X.T.dot(d1), "b1": d1.sum(0)}
    for name, grad in grads.items():
        if name in ("W1", "b1"):
            params[name] = params[name] + lr * grad
        else:
            params[name] = params[name] - lr * grad
    return p

for _ in range(2000):
    p = step(params, 0.1)
print(p)
