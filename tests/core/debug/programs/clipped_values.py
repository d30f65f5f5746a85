import numpy as np

X = np.array([[0,0],[0,1],[1,0],[1,1]])
y = np.array([[0],[1],[1],[0]])

np.random.seed(8)
w0 = 2*np.random.random((2,3)) - 1
b0 = np.zeros((1,3))
w1 = 2*np.random.random((3,1)) - 1
b1 = np.zeros((1,1))

for j in range(20000):
    l1 = 1/(1+np.exp(-(np.dot(X,w0)+b0)))
    l2 = 1/(1+np.exp(-(np.dot(l1,w1)+b1)))
    d2 = (l2 - y)*l2*(1-l2)
    d1 = d2.dot(w1.T)*l1*(1-l1)
    g1 = np.clip(l1.T.dot(d2), -0.05, 0.05)
    g0 = np.clip(X.T.dot(d1), -0.05, 0.05)
    w1 -= 0.5*g1
    b1 -= 0.5*np.clip(np.sum(d2, axis=0, keepdims=True), -0.05, 0.05)
    w0 -= 0.5*g0
    b0 -= 0.5*np.clip(np.sum(d1, axis=0, keepdims=True), -0.05, 0.05)
print(l2)
