import numpy as np

X = np.array([[0,0],[0,1],[1,0],[1,1]])
D = np.array([[0],[1],[1],[0]])

def Sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))

def batch_step(W1, B1, W2, B2, X, D, alpha):
    N = 4
    for k in range(N):
        x = X[k, :].reshape(2, 1)
        d = D[k, :].reshape(1, 1)

        y1 = Sigmoid(np.matmul(W1, x) + B1)
        y = Sigmoid(np.matmul(W2, y1) + B2)

        delta = y*(1-y)*(d - y)
        delta1 = y1*(1-y1)*np.matmul(W2.T, delta)

        if k == 0:
            dW1, dB1 = np.zeros_like(W1), np.zeros_like(B1)
            dW2, dB2 = np.zeros_like(W2), np.zeros_like(B2)
        dW1 = alpha*np.matmul(delta1, x.T)
        dB1 = alpha*delta1
        dW2 = alpha*np.matmul(delta, y1.T)
        dB2 = alpha*delta

    # average over all examples
    W1 = W1 + dW1 / N
    B1 = B1 + dB1 / N
    W2 = W2 + dW2 / N
    B2 = B2 + dB2 / N
    return W1, B1, W2, B2

np.random.seed(4)
W1 = 2*np.random.random((4, 2)) - 1
B1 = 2*np.random.random((4, 1)) - 1
W2 = 2*np.random.random((1, 4)) - 1
B2 = 2*np.random.random((1, 1)) - 1
for _epoch in range(6000):
    W1, B1, W2, B2 = batch_step(W1, B1, W2, B2, X, D, 0.9)
for k in range(4):
    print(X[k], Sigmoid(W2 @ Sigmoid(W1 @ X[k].reshape(2, 1) + B1) + B2))
