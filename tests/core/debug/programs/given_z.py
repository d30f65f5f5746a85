import numpy as np

def sigmoid(z): return 1.0/(1.0+np.exp(-z))
def dsigmoid(y): return y*(1.0-y)

rng = np.random.RandomState(0)
W1, b1 = rng.randn(2, 4)*0.5, np.zeros(4)
W2, b2 = rng.randn(4, 1)*0.5, np.zeros(1)
X = np.array([[0,0],[0,1],[1,0],[1,1]])
Y = np.array([[0],[1],[1],[0]])
for it in range(5000):
    z1 = X@W1 + b1; a1 = sigmoid(z1)
    z2 = a1@W2 + b2; a2 = sigmoid(z2)
    delta2 = (a2-Y)*dsigmoid(a2)
    delta1 = delta2@W2.T*dsigmoid(z1)
    W2 -= 0.2*a1.T@delta2; b2 -= 0.2*delta2.sum(0)
    W1 -= 0.2*X.T@delta1; b1 -= 0.2*delta1.sum(0)
print(a2)
