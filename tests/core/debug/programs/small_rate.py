import numpy as np
np.random.seed(1)

X = np.array([[0,0,1,1],
              [0,1,0,1]])
y = np.array([[0,1,1,0]])

W1 = np.random.randn(4,2)
b1 = np.zeros((4,1))
W2 = np.random.randn(1,4)
b2 = np.zeros((1,1))

learning_rate = 0.001

def sigmoid(z):
    return 1/(1+np.exp(-z))

for i in range(10000):
    # forward pass
    a1 = sigmoid(W1.dot(X) + b1)
    a2 = sigmoid(W2.dot(a1) + b2)

    loss = np.sum((y-a2)**2)

    # backward pass
    d2 = -2*(y-a2)*a2*(1-a2)
    d1 = W2.T.dot(d2)*a1*(1-a1)

    W2 -= learning_rate*d2.dot(a1.T)
    b2 -= learning_rate*d2.sum(1, keepdims=True)
    W1 -= learning_rate*d1.dot(X.T)
    b1 -= learning_rate*d1.sum(1, keepdims=True)

    if i % 1000 == 0:
        print('loss:', loss)    # why does it stay at 1 ???
print(a2)
