import numpy as np

def sig(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))

X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
y = np.array([[0],[1],[1],[0]])
np.random.seed(1)
syn0 = 2*np.random.random((3,4)) - 1
syn1 = 2*np.random.random((4,1)) - 1
for j in range(10000):
    l1 = sig(X.dot(syn0))
    l2 = sig(l1.dot(syn1))
    l2_error = y - l2
    l2_delta = l2_error * sig(l2, True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error.dot(sig(l1, True).T).dot(l1)
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
print(l2)
