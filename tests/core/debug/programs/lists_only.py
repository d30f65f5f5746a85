import math
import random

random.seed(5)
N_IN, N_HID = 2, 2
wh = [[random.uniform(-1, 1) for _ in range(N_IN)] for _ in range(N_HID)]
bh = [random.uniform(-1, 1) for _ in range(N_HID)]
wo = [random.uniform(-1, 1) for _ in range(N_HID)]
bo = random.uniform(-1, 1)

def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))

def predict(x):
    hidden = [sigmoid(sum(w * xi for w, xi in zip(wh[j], x)) + bh[j]) for j in range(N_HID)]
    out = sigmoid(sum(w * h for w, h in zip(wo, hidden)) + bo)
    return hidden, out

def learn(x, t, lr):
    global bo
    hidden, out = predict(x)
    d_out = (out - t) * out * (1 - out)
    d_hid = [d_out * wo[j] * hidden[j] * (1 - hidden[j]) for j in range(N_HID)]
    for j in range(N_HID):
        wo[j] -= lr * d_out * hidden[j]
        for i in range(N_IN):
            wh[j][i] -= lr * d_hid[j] * x[i]
        bh[j] -= lr * d_hid[j]
    bo -= lr * d_out

table = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
for epoch in range(6000):
    for x, t in table:
        learn(x, t, 0.8)
for x, t in table:
    print(x, t, round(predict(x)[1], 3))
