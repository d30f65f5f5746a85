import numpy as np

np.random.seed(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])

W1 = np.random.randn(2, 3)
b1 = np.zeros((1, 3))
W2 = np.random.randn(3, 1)
b2 = np.zeros((1, 1))

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

for epoch in range(1000):
    h = sigmoid(np.dot(X, W1) + b1)
    out = sigmoid(np.dot(h, W2) + b2)
    delta = (out - y) * out * (1 - out)
    delta_h = np.dot(delta, W2.T) * h * (1 - h)
    W2 -= 0.5 * np.dot(h.T, delta)
    b2 -= 0.5 * delta.sum(axis=0, keepdims=True)
    W1 -= 0.5 * np.dot(X.T, delta_h)
    b1 -= 0.5 * delta_h.sum(axis=0, keepdims=True)
print(out)
