import numpy as np

def tanh(x):
    return np.tanh(x)

def tanh_prime(x):
    return 1 - np.tanh(x)**2

X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
np.random.seed(2)
w1 = np.random.randn(2,3)*0.5; b1 = np.zeros((1,3))
w2 = np.random.randn(3,1)*0.5; b2 = np.zeros((1,1))
lr = 0.1
for epoch in range(3000):
    a1 = tanh(np.dot(X, w1) + b1)
    a2 = tanh(np.dot(a1, w2) + b2)
    delta2 = (a2 - Y) * (1 - a2**2)
    delta1 = np.dot(delta2, w2.T) * tanh_prime(a1)
    w2 -= lr * np.dot(a1.T, delta2); b2 -= lr * delta2.sum(axis=0)
    w1 -= lr * np.dot(X.T, delta1); b1 -= lr * delta1.sum(axis=0)
print(a2)
