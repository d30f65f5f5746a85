import numpy as np

class Adaline:
    def __init__(self, eta=0.05, epochs=400):
        self.eta, self.epochs = eta, epochs

    def fit(self, X, y):
        rgen = np.random.RandomState(1)
        self.w_ = rgen.normal(loc=0.0, scale=0.01, size=X.shape[1])
        self.b_ = 0.0
        self.losses_ = []
        for i in range(self.epochs):
            output = np.dot(X, self.w_) + self.b_
            errors = y - output
            self.w_ += self.eta * 2.0 * X.T.dot(errors) / X.shape[0]
            self.b_ += self.eta * 2.0 * errors.mean()
            self.losses_.append((errors ** 2).mean())
        return self

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
model = Adaline().fit(X, y)
print(model.losses_[-1], np.dot(X, model.w_) + model.b_)
