import numpy as np
rs = np.random.RandomState(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
W1 = rs.randn(2, 3)
b1 = rs.randn(3)
W2 = rs.randn(3, 1)
b2 = rs.randn(1)
for epoch in range(5000):
    hidden = X @ W1 + b1          # no activation here
    output = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
    delta_output = (output - Y) * output * (1 - output)
    delta_hidden = delta_output @ W2.T
    W2 -= 0.5 * hidden.T @ delta_output
    b2 -= 0.5 * delta_output.sum(axis=0)
    W1 -= 0.5 * X.T @ delta_hidden
    b1 -= 0.5 * delta_hidden.sum(axis=0)
print(output)
