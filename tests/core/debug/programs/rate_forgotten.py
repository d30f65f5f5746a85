import numpy as np
np.random.seed(14)
X = np.array([[0,0],[0,1],[1,0],[1,1]])
Y = np.array([0,1,1,0])
w = np.random.randn(2,3); b = np.zeros(3)
v = np.random.randn(3); c = 0.0
rate = 0.1
def s(z): return 1/(1+np.exp(-z))
for epoch in range(5000):
    for i in range(4):
        h = s(X[i] @ w + b)
        o = s(h @ v + c)
        d = (Y[i] - o) * o * (1 - o)
        e = d * v * h * (1 - h)
        v = v + rate * d * h
        c = c + d
        w = w + rate * np.outer(X[i], e)
        b = b + rate * e
print(s(s(X @ w + b) @ v + c))
