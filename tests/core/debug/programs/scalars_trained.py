from math import exp

def sig(x):
    return 1 / (1 + exp(-x))

w13, w14, w23, w24, w35, w45 = 0.5, 0.9, 0.4, 1.0, -1.2, 1.1
t3, t4, t5 = 0.8, -0.1, 0.3
alpha = 0.5
samples = [(1, 1, 0), (0, 1, 1), (1, 0, 1), (0, 0, 0)]
for epoch in range(20000):
    sse = 0
    for x1, x2, yd in samples:
        y3 = sig(x1 * w13 + x2 * w23 - t3)
        y4 = sig(x1 * w14 + x2 * w24 - t4)
        y5 = sig(y3 * w35 + y4 * w45 - t5)
        e = yd - y5
        sse += e * e
        d5 = y5 * (1 - y5) * e
        d3 = y3 * (1 - y3) * d5 * w35
        d4 = y4 * (1 - y4) * d5 * w45
        w35 += alpha * y3 * d5
        w45 += alpha * y4 * d5
        t5 += alpha * -1 * d5
        w13 += alpha * x1 * d3
        w23 += alpha * x2 * d3
        t3 += alpha * -1 * d3
        w14 += alpha * x1 * d4
        w24 += alpha * x2 * d4
        t4 += alpha * -1 * d4
    if sse < 0.001:
        break
print(epoch, sse)
