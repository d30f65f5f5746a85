import numpy as np
np.random.seed(12)

inputs  = [[0,0],[0,1],[1,0],[1,1]]
targets = [0, 1, 1, 0]

alpha = 0.3
w_hidden = np.random.randn(2, 4)
w_out    = np.random.randn(4)
b_hidden = np.zeros(4)
b_out    = 0.0

def sigma(t):
    return 1/(1+np.exp(-t))

def forward(x):
    h = sigma(np.dot(x, w_hidden) + b_hidden)
    return h, sigma(np.dot(h, w_out) + b_out)

for n in range(40000):
    i = np.random.randint(0, 4)
    x = np.array(inputs[i])
    h, o = forward(x)
    d_o = (targets[i] - o) * o * (1 - o)
    d_h = d_o * w_out * h * (1 - h)
    w_out += alpha * d_o * h
    b_out -= alpha * d_o
    w_hidden += alpha * np.outer(x, d_h)
    b_hidden += alpha * d_h

for x in inputs:
    print(x, forward(x)[1])
