import numpy as np

np.random.seed(23)

x_train = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
y_train = np.array([[0], [1], [1], [0]], dtype=np.float64)

n_hidden = 4
params = {
    'Wxh': np.random.randn(2, n_hidden) * 0.7,
    'bh': np.zeros((1, n_hidden)),
    'Why': np.random.randn(n_hidden, 1) * 0.7,
    'by': np.zeros((1, 1)),
}
step_size = 0.3

sigm = lambda a: 1 / (1 + np.exp(-a))

for it in range(6000):
    h = sigm(x_train @ params['Wxh'] + params['bh'])
    y = sigm(h @ params['Why'] + params['by'])

    mse = ((y - y_train) ** 2).mean()
    err = y - y_train

    grads = {}
    grads['Why'] = h.T @ err
    grads['by'] = err.sum(axis=0, keepdims=True)
    dh = (err * y * (1 - y)) @ params['Why'].T * h * (1 - h)
    grads['Wxh'] = x_train.T @ dh
    grads['bh'] = dh.sum(axis=0, keepdims=True)

    for name in params:
        params[name] -= step_size * grads[name]

    if it % 1000 == 0:
        print(it, mse)

print(np.hstack([x_train, y_train, y.round(3)]))
