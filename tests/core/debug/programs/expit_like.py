import numpy as np
def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))
def stable(x):
    out = np.empty_like(x)
    p = x >= 0
    out[p] = 1 / (1 + np.exp(-x[p]))
    e = np.exp(x[~p])
    out[~p] = e / (1 + e)
    return out
rng = np.random.default_rng(2)
X = np.array([[0,0],[0,1],[1,0],[1,1]],float); Y = np.array([[0],[1],[1],[0]],float)
W, b, V, c = rng.normal(size=(2,3)), np.zeros(3), rng.normal(size=(3,1)), np.zeros(1)
for i in range(5000):
    h = sigmoid(X@W+b)
    o = stable(h@V+c)
    d = (o-Y)*o*(1-o)
    e = d@V.T*h*(1-h)
    V -= h.T@d; c -= d.sum(0); W -= X.T@e; b -= e.sum(0)
print(o)
