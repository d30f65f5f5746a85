import numpy as np


class TwoLayer():
    def __init__(self, hidden):
        self.params = {}
        self.params['W1'] = np.random.randn(2, hidden)
        self.params['b1'] = np.zeros(hidden)
        self.params['W2'] = np.random.randn(hidden, 1)
        self.params['b2'] = np.zeros(1)

    def forward(self, X):
        p = self.params
        h = np.tanh(X.dot(p['W1']) + p['b1'])
        y = h.dot(p['W2']) + p['b2']
        return h, y

    def grads(self, X, T):
        p = self.params
        h, y = self.forward(X)
        g = {}
        dy = (y - T) / X.shape[0]
        g['W2'] = h.T.dot(dy)
        g['b2'] = dy.sum(0)
        dh = dy.dot(p['W2'].T) * (1 - h * h)
        g['W1'] = X.T.dot(dh)
        g['b1'] = dh.sum(0)
        return g


np.random.seed(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
T = np.array([[0], [1], [1], [0]], dtype=float)

net = TwoLayer(5)
lr = 5.0
for t in range(2000):
    g = net.grads(X, T)
    for k in g:
        net.params[k] -= lr * g[k]
    if t % 200 == 0:
        h, y = net.forward(X)
        print(t, ((y - T) ** 2).mean())
print(net.forward(X)[1])
