import numpy as np

def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))

def propagate(X, Y, p):
    m = X.shape[1]
    A1 = sigmoid(np.dot(p["W1"], X) + p["b1"])
    A2 = sigmoid(np.dot(p["W2"], A1) + p["b2"])
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(p["W2"].T, dZ2) * A1 * (1 - A1)
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return A2, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

np.random.seed(2)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
p = {"W1": np.random.randn(4, 2), "b1": np.zeros((4, 1)), "W2": np.random.randn(1, 4), "b2": np.zeros((1, 1))}
for i in range(4000):
    A2, grads = propagate(X, Y, p)
    for k in p:
        p[k] = p[k] - 1.2 * grads[k]
print(A2)
