import numpy as np

hidden = int(input("How many hidden neurons? "))
epochs = int(input("How many epochs? "))

np.random.seed(0)
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
w1 = np.random.randn(2, hidden)
b1 = np.zeros(hidden)
w2 = np.random.randn(hidden, 1)
b2 = np.zeros(1)

for i in range(epochs):
    a1 = 1 / (1 + np.exp(-(x @ w1 + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = d2 @ w2.T * a1 * (1 - a1)
    w2 -= a1.T @ d2
    b2 -= d2.sum(axis=0)
    w1 -= x.T @ d1
    b1 -= d1.sum(axis=0)

print(a2.round(3))
