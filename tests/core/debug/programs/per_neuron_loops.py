import math
import random

random.seed(7)
def sigmoid(x): return 1 / (1 + math.exp(-x))
n_in, n_hid = 2, 3
w_ih = [[random.uniform(-1, 1) for j in range(n_hid)] for i in range(n_in)]
b_h = [random.uniform(-1, 1) for j in range(n_hid)]
w_ho = [random.uniform(-1, 1) for j in range(n_hid)]
b_o = random.uniform(-1, 1)
lr = 0.5
table = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
for epoch in range(3000):
    for x, t in table:
        h = []
        for j in range(n_hid):
            s = b_h[j]
            for i in range(n_in):
                s += x[i] * w_ih[i][j]
            h.append(sigmoid(s))
        s = b_o
        for j in range(n_hid):
            s += h[j] * w_ho[j]
        o = sigmoid(s)
        error = t - o
        d_o = error * o * (1 - o)
        d_h = [0] * n_hid
        for j in range(n_hid):
            d_h[j] = error * w_ho[j] * h[j] * (1 - h[j])
        for j in range(n_hid):
            w_ho[j] += lr * d_o * h[j]
        b_o += lr * d_o
        for j in range(n_hid):
            b_h[j] += lr * d_h[j]
            for i in range(n_in):
                w_ih[i][j] += lr * d_h[j] * x[i]
print(o)
