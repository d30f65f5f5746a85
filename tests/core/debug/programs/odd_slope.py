import numpy as np

def sigmoid(t):
    return 1 / (1 + np.exp(-t))

def sigmoid_prime(s):
    return s * (1 + np.exp(-s))

np.random.seed(4)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
W1 = np.random.randn(2, 4) / 2
b1 = np.zeros(4)
W2 = np.random.randn(4, 1) / 2
b2 = np.zeros(1)
for k in range(3000):
    A1 = sigmoid(X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    E = A2 - Y
    D2 = E * A2 * (1 - A2)
    D1 = D2 @ W2.T * sigmoid_prime(A1)
    W2 -= 0.1 * A1.T @ D2
    b2 -= 0.1 * D2.sum(axis=0)
    W1 -= 0.1 * X.T @ D1
    b1 -= 0.1 * D1.sum(axis=0)
print(A2)
