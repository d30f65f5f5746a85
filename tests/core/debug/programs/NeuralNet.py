import numpy as np


class NeuralNetwork:
    """two layer network for the XOR gate"""

    def __init__(self, x, y):
        self.input = x
        self.weights1 = np.random.rand(self.input.shape[1], 4)
        self.weights2 = np.random.rand(4, 1)
        self.y = y
        self.output = np.zeros(self.y.shape)

    def sigmoid(self, t):
        return 1 / (1 + np.exp(-t))

    def sigmoid_prime(self, t):
        return self.sigmoid(t) * (1 - self.sigmoid(t))

    def feedforward(self):
        self.layer1 = self.sigmoid(np.dot(self.input, self.weights1))
        self.output = self.sigmoid(np.dot(self.layer1, self.weights2))

    def backprop(self):
        delta2 = (self.y - self.output) * self.sigmoid_prime(self.output)
        delta1 = np.dot(delta2, self.weights2.T) * self.sigmoid_prime(self.layer1)
        self.weights2 += np.dot(self.layer1.T, delta2)
        self.weights1 += np.dot(self.input.T, delta1)


if __name__ == "__main__":
    # last column is the bias input
    X = np.array([[0, 0, 1],
                  [0, 1, 1],
                  [1, 0, 1],
                  [1, 1, 1]])
    Y = np.array([[0], [1], [1], [0]])
    nn = NeuralNetwork(X, Y)

    for i in range(4000):
        nn.feedforward()
        nn.backprop()

    nn.feedforward()
    print(nn.output)
