import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))

class NN:
    def __init__(self, x, y):
        np.random.seed(1)
        self.input = x
        self.y = y
        self.w1 = np.random.rand(2, 3)
        self.b1 = np.random.rand(1, 3)
        self.w2 = np.random.rand(3, 1)
        self.b2 = np.random.rand(1, 1)

    def feedforward(self):
        self.layer1 = sigmoid(self.input @ self.w1 + self.b1)
        self.output = sigmoid(self.layer1 @ self.w2 + self.b2)

    def backprop(self):
        d_out = 2 * (self.y - self.output) * self.output * (1 - self.output)
        d_w2 = self.layer1.T @ d_out
        d_hidden = d_out @ self.w2.T * sigmoid_derivative(self.layer1)
        d_w1 = self.input.T @ d_hidden
        self.w1 += d_w1
        self.b1 += d_hidden.sum(axis=0)
        self.w2 += d_w2
        self.b2 += d_out.sum(axis=0)

nn = NN(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]]))
for i in range(2000):
    nn.feedforward()
    nn.backprop()
print(nn.output)
