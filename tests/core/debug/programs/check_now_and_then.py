import numpy as np

class MLP(object):
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.RandomState(1)
        self.p = {"W1": r.randn(n_hidden, n_in) * 0.8, "b1": np.zeros((n_hidden, 1)),
                  "W2": r.randn(n_out, n_hidden) * 0.8, "b2": np.zeros((n_out, 1))}

    def predict(self, X):
        self.A1 = np.tanh(np.dot(self.p["W1"], X) + self.p["b1"])
        self.A2 = 1 / (1 + np.exp(-(np.dot(self.p["W2"], self.A1) + self.p["b2"])))
        return self.A2

    def loss(self, X, Y):
        A = self.predict(X)
        return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))

    def grads(self, X, Y):
        m = X.shape[1]
        A2 = self.predict(X)
        dZ2 = A2 - Y
        dZ1 = np.dot(self.p["W2"].T, dZ2) * (1 - np.power(self.A1, 2))
        return {"W2": np.dot(dZ2, self.A1.T) / m, "b2": np.sum(dZ2, axis=1, keepdims=True) / m,
                "W1": np.dot(dZ1, X.T) / m, "b1": np.sum(dZ1, axis=1, keepdims=True) / m}

    def check(self, X, Y, h=1e-6):
        g = self.grads(X, Y)
        worst = 0
        for k in self.p:
            for i in range(self.p[k].shape[0]):
                for j in range(self.p[k].shape[1]):
                    keep = self.p[k][i, j]
                    self.p[k][i, j] = keep + h
                    up = self.loss(X, Y)
                    self.p[k][i, j] = keep - h
                    down = self.loss(X, Y)
                    self.p[k][i, j] = keep
                    worst = max(worst, abs((up - down) / (2 * h) - g[k][i, j]))
        return worst

X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
net = MLP(2, 4, 1)
for it in range(5001):
    g = net.grads(X, Y)
    for k in net.p:
        net.p[k] = net.p[k] - 0.8 * g[k]
    if it % 500 == 0:
        print(it, net.loss(X, Y), "check:", net.check(X, Y))
print(net.predict(X))
