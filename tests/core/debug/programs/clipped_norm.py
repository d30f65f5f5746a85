import numpy as np

def relu(z):
    return np.maximum(0, z)

def clip(grads, limit):
    norm = np.sqrt(sum(np.sum(g * g) for g in grads))
    if norm > limit:
        return [g * (limit / norm) for g in grads]
    return grads

rng = np.random.default_rng(2)
X = np.array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
Y = np.array([[0.], [1.], [1.], [0.]])
W1 = rng.normal(size=(2, 5))
b1 = np.full((1, 5), 0.1)
W2 = rng.normal(size=(5, 1))
b2 = np.zeros((1, 1))
lr = 0.2
for epoch in range(4000):
    Z1 = X @ W1 + b1
    A1 = relu(Z1)
    P = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    dZ2 = P - Y
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    grads = clip([X.T @ dZ1, dZ1.sum(0, keepdims=True), A1.T @ dZ2, dZ2.sum(0, keepdims=True)], 0.5)
    W1 -= lr * grads[0]
    b1 -= lr * grads[1]
    W2 -= lr * grads[2]
    b2 -= lr * grads[3]
print(P.ravel())
