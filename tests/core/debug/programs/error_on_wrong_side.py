import numpy as np
np.random.seed(1)
def sigmoid(x, deriv=False):
    if deriv: return x * (1 - x)
    return 1 / (1 + np.exp(-x))
X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
Y = np.array([[0,1,1,0]]).T
s0 = 2 * np.random.random((3, 3)) - 1
s1 = 2 * np.random.random((3, 1)) - 1
for i in range(3000):
    l1 = sigmoid(X.dot(s0))
    l2 = sigmoid(l1.dot(s1))
    e = l2 - Y
    d2 = e * sigmoid(l2, True)
    d1 = d2.dot(s1.T) * sigmoid(l1, True)
    s1 += l1.T.dot(d2)
    s0 += X.T.dot(d1)
print(l2)
