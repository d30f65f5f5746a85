import numpy as np
rng = np.random.RandomState(5)
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
w1, b1 = rng.randn(2, 6), np.zeros((1, 6))
w2, b2 = rng.randn(6, 1), np.zeros((1, 1))
for t in range(2000):
    z = x.dot(w1) + b1
    h = np.maximum(z, 0)
    y_pred = h.dot(w2) + b2
    grad_y = 2.0 * (y_pred - y)
    grad_w2 = h.T.dot(grad_y)
    grad_h = grad_y.dot(w2.T)
    grad_h[z > 0] = 0
    w2 -= 0.01 * grad_w2
    b2 -= 0.01 * grad_y.sum(axis=0)
    w1 -= 0.01 * x.T.dot(grad_h)
    b1 -= 0.01 * grad_h.sum(axis=0)
print(y_pred)
