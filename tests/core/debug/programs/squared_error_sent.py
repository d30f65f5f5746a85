import numpy as np
np.random.seed(0)
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
W1 = np.random.randn(2,3); b1 = np.zeros(3)
W2 = np.random.randn(3,1); b2 = np.zeros(1)
sig = lambda v: 1/(1+np.exp(-v))
for e in range(2000):
    h = sig(X@W1+b1)
    o = sig(h@W2+b2)
    cost = 0.5*(Y-o)**2
    d2 = cost*o*(1-o)
    d1 = d2@W2.T*h*(1-h)
    W2 -= 0.5*h.T@d2; b2 -= 0.5*d2.sum(0)
    W1 -= 0.5*X.T@d1; b1 -= 0.5*d1.sum(0)
print(o)
