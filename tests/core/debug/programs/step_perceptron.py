import numpy as np
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 0, 0, 1])
w, b = np.zeros(2), 0.0
for epoch in range(200):
    for xi, t in zip(X, y):
        out = 1 if xi @ w + b > 0 else 0
        w += 0.1 * (t - out) * xi
        b += 0.1 * (t - out)
print(w, b)
