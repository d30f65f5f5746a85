import numpy as np
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
W1 = np.array([[2, -3], [1, 4]])
W2 = np.array([[3.0], [-2.0]])
s = lambda z: 1/(1+np.exp(-z))
for k in range(1000):
    h = s(X@W1)
    o = s(h@W2)
    d = (o-Y)*o*(1-o)
    e = d@W2.T*h*(1-h)
    W2 -= 0.5*h.T@d
    W1 = (W1 - 0.5*X.T@e).astype(int)
print(o)
