import numpy as np
np.random.seed(12)
inputs = np.array([[0,0],[0,1],[1,0],[1,1]])
expected = np.array([[0],[1],[1],[0]])
sigmoid = lambda x: 1/(1 + np.exp(-x))
hw = np.random.uniform(-2, 2, size=(2,2))
hb = np.random.uniform(-2, 2, size=(1,2))
ow = np.random.uniform(-2, 2, size=(2,1))
ob = np.random.uniform(-2, 2, size=(1,1))
lr = 2.0
for epoch in range(10000):
    if epoch and epoch % 2500 == 0:
        lr = lr / 2
    hidden = sigmoid(np.dot(inputs, hw) + hb)
    out = sigmoid(np.dot(hidden, ow) + ob)
    error = 2 * (out - expected) / expected.size
    d_out = error * out * (1 - out)
    d_hidden = d_out.dot(ow.T) * hidden * (1 - hidden)
    ow -= hidden.T.dot(d_out) * lr
    ob -= np.sum(d_out, axis=0, keepdims=True) * lr
    hw -= inputs.T.dot(d_hidden) * lr
    hb -= np.sum(d_hidden, axis=0, keepdims=True) * lr
print(out)
