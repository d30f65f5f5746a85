import numpy as np
np.random.seed(13)

X = np.array([[0,0],[0,1],[1,0],[1,1]])
Y = np.array([[0],[1],[1],[0]])
w1 = np.random.uniform(-1, 1, (2,4))
w2 = np.random.uniform(-1, 1, (4,1))
b1 = np.zeros((1,4))
b2 = np.zeros((1,1))

rate_weights = 0.8
rate_bias = 0.1     # the biases may move slower

def s(x):
    return 1/(1+np.exp(-x))

for i in range(8000):
    h = s(X @ w1 + b1)
    o = s(h @ w2 + b2)
    do = (o - Y) * o * (1 - o)
    dh = do @ w2.T * h * (1 - h)
    w2 -= rate_weights * h.T @ do
    w1 -= rate_weights * X.T @ dh
    b2 -= rate_bias * do.sum(axis=0)
    b1 -= rate_bias * dh.sum(axis=0)
print(o)
