import numpy as np
np.random.seed(10)
sig = lambda z: 1/(1+np.exp(-z))
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
w1 = np.random.randn(2,3); b1 = np.zeros(3); w2 = np.random.randn(3,1); b2 = np.zeros(1)
lr = 0.5
for k in range(5000):
    h = sig(X@w1+b1); o = sig(h@w2+b2)
    d = (o-Y)*o*(1-o); e = d@w2.T*h*(1-h)
    w2 -= lr * h.T@d
    b2 -= lr * d.sum(0)
    w1 -= lr * 3 * X.T@e      # the lower layer learns faster
    b1 -= lr * 3 * e.sum(0)
print(o)
