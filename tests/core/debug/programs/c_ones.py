import numpy as np
np.random.seed(4)
X = np.array([[0,0],[0,1],[1,0],[1,1]])
y = np.array([[0],[1],[1],[0]])
Xb = np.c_[X, np.ones(4)]
W1 = np.random.randn(3, 3)
W2 = np.random.randn(4, 1)
for i in range(4000):
    H = np.c_[np.tanh(Xb @ W1), np.ones(4)]
    out = 1/(1+np.exp(-H @ W2))
    d2 = out - y
    d1 = (d2 @ W2[:-1].T) * (1 - H[:, :-1]**2)
    W2 -= 0.1 * H.T @ d2
    W1 -= 0.1 * Xb.T @ d1
print(out)
