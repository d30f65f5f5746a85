import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def forward(params, X):
    W1, b1, W2, b2 = params
    H = sigmoid(X @ W1 + b1)
    O = sigmoid(H @ W2 + b2)
    return H, O

def cost(params, X, Y):
    _, O = forward(params, X)
    return 0.5 * np.sum((O - Y) ** 2)

def gradients(params, X, Y):
    W1, b1, W2, b2 = params
    H, O = forward(params, X)
    dO = (O - Y) * O * (1 - O)
    dH = (dO @ W2.T) * H * (1 - H)
    return [X.T @ dH, dH.sum(axis=0), H.T @ dO, dO.sum(axis=0)]

def numerical(params, X, Y, eps=1e-5):
    grads = []
    for p in params:
        g = np.zeros_like(p)
        it = np.nditer(p, flags=["multi_index"])
        while not it.finished:
            ix = it.multi_index
            old = p[ix]
            p[ix] = old + eps
            plus = cost(params, X, Y)
            p[ix] = old - eps
            minus = cost(params, X, Y)
            p[ix] = old
            g[ix] = (plus - minus) / (2 * eps)
            it.iternext()
        grads.append(g)
    return grads

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[0], [1], [1], [0]], dtype=float)
rng = np.random.default_rng(5)
params = [rng.standard_normal((2, 3)), np.zeros(3), rng.standard_normal((3, 1)), np.zeros(1)]

for a, n in zip(gradients(params, X, Y), numerical(params, X, Y)):
    print("difference", np.abs(a - n).max())

for epoch in range(10000):
    for p, g in zip(params, gradients(params, X, Y)):
        p -= 0.5 * g
    if epoch % 1000 == 0:
        print(epoch, cost(params, X, Y))
print(forward(params, X)[1])
