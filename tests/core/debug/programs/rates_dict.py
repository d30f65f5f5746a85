import numpy as np
np.random.seed(0)
LR = {"W1": 0.3, "b1": 0.3, "W2": 0.1, "b2": 0.05}
P = {"W1": np.random.randn(4, 2), "b1": np.zeros((4, 1)), "W2": np.random.randn(1, 4), "b2": np.zeros((1, 1))}
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
for i in range(3000):
    A = np.tanh(P["W1"] @ X + P["b1"])
    O = 1 / (1 + np.exp(-(P["W2"] @ A + P["b2"])))
    dZ = O - Y
    dA = P["W2"].T @ dZ * (1 - A * A)
    G = dict(W1=dA @ X.T, b1=dA.sum(axis=1, keepdims=True), W2=dZ @ A.T, b2=dZ.sum(axis=1, keepdims=True))
    for k in P:
        P[k] -= LR[k] * G[k]
print(O)
