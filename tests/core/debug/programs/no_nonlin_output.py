import numpy as np
np.random.seed(1)
w1 = np.random.randn(2, 4); b1 = np.zeros(4); w2 = np.random.randn(4); b2 = 0.0
xs = np.array([[0,0],[0,1],[1,0],[1,1]]); ts = np.array([0,1,1,0])
losses = []
for epoch in range(3000):
    total = 0.0
    for x, t in zip(xs, ts):
        z = x @ w1 + b1
        a = np.tanh(z)
        out = a @ w2 + b2
        e = out - t
        total += e**2
        gw2 = e * a
        gz = e * w2 * (1 - np.tanh(z)**2)
        w2 -= 0.05 * gw2
        b2 -= 0.05 * e
        w1 -= 0.05 * np.outer(x, gz)
        b1 -= 0.05 * gz
    losses.append(total)
print(losses[-1])
