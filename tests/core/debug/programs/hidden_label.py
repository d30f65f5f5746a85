import numpy as np
rng = np.random.RandomState(8)
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
W1, b1, W2, b2 = rng.randn(2,2), np.zeros(2), rng.randn(2,1), np.zeros(1)
s = lambda z: 1/(1+np.exp(-z))
for k in range(4000):
    H = s(X@W1+b1)
    O = s(H@W2+b2)
    D2 = (O-Y)*O*(1-O)
    D1 = D2@W2.T*H*(1-H)
    W2 = W2 - 0.5*X.T@D2
    b2 = b2 - 0.5*D2.sum(0)
    W1 = W1 - 0.5*X.T@D1
    b1 = b1 - 0.5*D1.sum(0)
print(O)
