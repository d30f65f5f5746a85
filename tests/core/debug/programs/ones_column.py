from numpy import *

random.seed(6)
P = array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])    # patterns, last one is bias
T = array([0,1,1,0]).reshape(4,1)
V = random.randn(3,3)*0.8
W = random.randn(4,1)*0.8
eta = 1.0

def g(u): return 1/(1+exp(-u))

for it in range(5000):
    H = g(P @ V)
    H1 = hstack((H, ones((4,1))))
    Y = g(H1 @ W)
    dY = (Y-T)*Y*(1-Y)
    dH = (dY @ W[:3].T)*H*(1-H)
    W = W - eta*(H1.T @ dY)
    V = V - eta*(P.T @ dH)

print("V =", V)
print("W =", W)
print(c_[T, Y])
