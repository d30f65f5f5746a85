import numpy as np
rng = np.random.RandomState(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
labels = np.array([0, 1, 1, 0])
onehot = np.eye(2)[labels]
W1, b1 = rng.randn(2, 4), np.zeros((1, 4))
W2, b2 = rng.randn(4, 2), np.zeros((1, 2))
for i in range(2000):
    a = np.tanh(X @ W1 + b1)
    scores = a @ W2 + b2
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    d = (probs - onehot) / 4
    dh = d @ W2.T * (1 - a ** 2)
    W2 -= 0.5 * a.T @ d
    b2 -= 0.5 * d[0]
    W1 -= 0.5 * X.T @ dh
    b1 -= 0.5 * dh.sum(axis=0)
print(probs.argmax(axis=1))
