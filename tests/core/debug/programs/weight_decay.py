import numpy as np

lam = 1e-4
lr = 1.0

def sig(x):
    return 1.0 / (1.0 + np.exp(-x))

def train(X, y, hidden=4, epochs=6000):
    np.random.seed(11)
    W1 = np.random.randn(X.shape[1], hidden)
    b1 = np.zeros((1, hidden))
    W2 = np.random.randn(hidden, 1)
    b2 = np.zeros((1, 1))
    for epoch in range(epochs):
        a1 = sig(X.dot(W1) + b1)
        a2 = sig(a1.dot(W2) + b2)
        d2 = (a2 - y) * a2 * (1 - a2)
        d1 = d2.dot(W2.T) * a1 * (1 - a1)
        dW2 = a1.T.dot(d2) + lam * W2
        dW1 = X.T.dot(d1) + lam * W1
        W1 -= lr * dW1
        b1 -= lr * d1.sum(axis=0, keepdims=True)
        W2 -= lr * dW2
        b2 -= lr * d2.sum(axis=0, keepdims=True)
    return W1, b1, W2, b2

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0, 1, 1, 0]]).T
W1, b1, W2, b2 = train(X, y)
print(sig(sig(X.dot(W1) + b1).dot(W2) + b2))
