import numpy as np

class XORNet(object):
    def __init__(self, n_in=2, n_hidden=3, n_out=1, eta=0.8):
        rng = np.random.RandomState(1)
        self.eta = eta
        self.W_ih = rng.normal(0, 1, (n_in, n_hidden))
        self.b_h = np.zeros(n_hidden)
        self.W_ho = rng.normal(0, 1, (n_hidden, n_out))
        self.b_o = np.zeros(n_out)

    @staticmethod
    def f(s):
        return 1 / (1 + np.exp(-s))

    def forward(self, x):
        self.h = self.f(x @ self.W_ih + self.b_h)
        self.o = self.f(self.h @ self.W_ho + self.b_o)
        return self.o

    def backward(self, x, t):
        delta_o = (self.o - t) * self.o * (1 - self.o)
        self.W_ho -= self.eta * self.h.T @ delta_o
        self.b_o -= self.eta * delta_o.sum(axis=0)
        delta_h = delta_o @ self.W_ho.T * self.h * (1 - self.h)
        self.W_ih -= self.eta * x.T @ delta_h
        self.b_h -= self.eta * delta_h.sum(axis=0)

    def train(self, x, t, epochs):
        for e in range(epochs):
            self.forward(x)
            self.backward(x, t)


x = np.array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
t = np.array([[0.], [1.], [1.], [0.]])
net = XORNet()
net.train(x, t, 8000)
for xi, oi in zip(x, net.forward(x)):
    print(xi, "->", oi)
