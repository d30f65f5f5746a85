import numpy as np

# XOR truth table
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])

def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))

def sigmoid_derivative(x):
    return x * (1.0 - x)

np.random.seed(42)

hidden_weights = np.random.uniform(size=(2, 4))
hidden_bias = np.random.uniform(size=(1, 4))
output_weights = np.random.uniform(size=(4, 1))
output_bias = np.random.uniform(size=(1, 1))

lr = 0.5
epochs = 10000

for epoch in range(epochs):
    # forward
    hidden_out = sigmoid(np.dot(X, hidden_weights) + hidden_bias)
    predicted = sigmoid(np.dot(hidden_out, output_weights) + output_bias)

    # backward
    error = y - predicted
    d_predicted = error * sigmoid_derivative(predicted)
    error_hidden = d_predicted.dot(output_weights.T)
    d_hidden = error_hidden * sigmoid_derivative(hidden_out)

    output_weights += hidden_out.T.dot(d_predicted) * lr
    output_bias += np.sum(d_predicted, axis=0, keepdims=True) * lr
    hidden_weights += X.T.dot(d_hidden) * lr
    hidden_bias += np.sum(d_hidden, axis=0, keepdims=True) * lr

    if epoch % 1000 == 0:
        print("epoch", epoch, "error", np.mean(np.abs(error)))

print("final output:")
print(predicted)
