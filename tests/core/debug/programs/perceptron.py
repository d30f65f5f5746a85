import numpy as np

# logic gates with a perceptron
# AND and OR work fine but XOR gives 0.5 everywhere

inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
# outputs = np.array([[0], [0], [0], [1]])   # AND
outputs = np.array([[0], [1], [1], [0]])     # XOR

weights = np.random.rand(2, 1)
bias = np.random.rand(1)
lr = 0.05

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_der(x):
    return sigmoid(x) * (1 - sigmoid(x))

for epoch in range(10000):
    z = np.dot(inputs, weights) + bias
    out = sigmoid(z)
    error = out - outputs
    slope = error * sigmoid_der(z)
    weights -= lr * np.dot(inputs.T, slope)
    for s in slope:
        bias -= lr * s

print(out)
