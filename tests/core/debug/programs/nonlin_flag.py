import numpy as np

def nonlin(x, deriv=False):
    s = 1/(1+np.exp(-x))
    if deriv == True:
        return s*(1-s)
    return s

X = np.array([[0,0],
              [0,1],
              [1,0],
              [1,1]])
y = np.array([[0],
              [1],
              [1],
              [0]])

np.random.seed(1)
synapse_0 = 2*np.random.random((2,5)) - 1
synapse_1 = 2*np.random.random((5,1)) - 1
bias_0 = np.zeros((1,5))
bias_1 = np.zeros((1,1))

for iter in range(30000):
    layer_1 = nonlin(np.dot(X, synapse_0) + bias_0)
    layer_2 = nonlin(np.dot(layer_1, synapse_1) + bias_1)

    layer_2_delta = (layer_2 - y) * nonlin(layer_2, deriv=True)
    layer_1_delta = layer_2_delta.dot(synapse_1.T) * nonlin(layer_1, deriv=True)

    synapse_1 -= 0.3 * layer_1.T.dot(layer_2_delta)
    synapse_0 -= 0.3 * X.T.dot(layer_1_delta)
    bias_1 -= 0.3 * layer_2_delta.sum(axis=0)
    bias_0 -= 0.3 * layer_1_delta.sum(axis=0)

print("Output After Training:")
print(layer_2)
