import numpy as np
np.random.seed(0)
def sig(x): return 1/(1+np.exp(-x))
X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
Y = np.array([[0],[1],[1],[0]])
A = np.random.randn(3,3)
B = np.random.randn(3,3)
C = np.random.randn(3,1)
for e in range(6000):
    p = sig(X@A)
    q = sig(p@B)
    r = sig(q@C)
    dr = (r-Y)*r*(1-r)
    dq = dr@C.T*q*(1-q)
    dp = dq@B*p*(1-p)
    C -= q.T@dr
    B -= p.T@dq
    A -= X.T@dp
print(r)
