import numpy as np

# weights found with pencil and paper: OR and NAND in the hidden layer, AND at the end
W1 = np.array([[20.0, -20.0],
               [20.0, -20.0]])
b1 = np.array([-10.0, 30.0])
W2 = np.array([[20.0], [20.0]])
b2 = np.array([-30.0])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def xor(x):
    h = sigmoid(x @ W1 + b1)
    return sigmoid(h @ W2 + b2)


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
print(xor(X).round(4))
