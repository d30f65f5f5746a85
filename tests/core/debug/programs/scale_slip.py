import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def forward_prop(X, W1, b1, W2, b2):
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = sigmoid(np.dot(W2, A1) + b2)
    return A1, A2


def back_prop(X, Y, A1, A2, W2):
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def run(X, Y, hidden, iterations, alpha):
    W1 = np.random.randn(hidden, X.shape[0])
    b1 = np.zeros((hidden, 1))
    W2 = np.random.randn(Y.shape[0], hidden)
    b2 = np.zeros((Y.shape[0], 1))
    for i in range(iterations):
        A1, A2 = forward_prop(X, W1, b1, W2, b2)
        dW1, db1, dW2, db2 = back_prop(X, Y, A1, A2, W2)
        W1 = W1 - alpha * dW1
        b1 = b1 - alpha * db1
        W2 = W2 - alpha * dW2
        b2 = b2 - alpha * db2
        if i % 200 == 0:
            cost = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
            print(f"{i:6d} {cost:.4f}")
    return A2


X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
np.random.seed(2)
print(run(X, Y, 4, 2000, 0.3))
