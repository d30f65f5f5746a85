import numpy as np
np.random.seed(11)
def s(z): return 1/(1+np.exp(-z))
W1, b1 = np.random.randn(3,2), np.random.randn(3,1)
W2, b2 = np.random.randn(1,3), np.random.randn(1,1)
pairs = [(np.array([[i],[j]]), i^j) for i in range(2) for j in range(2)]
for e in range(4000):
    for x, t in pairs:
        a1 = s(W1@x+b1); a2 = s(W2@a1+b2)
        d2 = (a2-t)*a2*(1-a2)
        d1 = (W2.T@d2)*a1*(1-a1)
        W2 -= 0.5*d2@a1.T
        b2 -= 0.5*d2
        W1 -= 0.5*d1@x.T
        b1 -= 0.5*d1[::-1]
print([s(W2@s(W1@x+b1)+b2) for x, t in pairs])
