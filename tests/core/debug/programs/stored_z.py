import numpy as np

class Layer:
    """One fully connected sigmoid layer, columns are examples."""
    def __init__(self, inputs, units):
        self.W = np.random.randn(units, inputs)
        self.b = np.random.randn(units, 1)

    @staticmethod
    def sigma(z):
        return 1.0/(1.0 + np.exp(-z))

    @staticmethod
    def sigma_prime(s):
        return s*(1.0 - s)

    def forward(self, a_prev):
        self.a_prev = a_prev
        self.z = np.dot(self.W, a_prev) + self.b
        self.a = self.sigma(self.z)
        return self.a

    def backward(self, da, alpha):
        dz = da*self.sigma_prime(self.z)
        dW = np.dot(dz, self.a_prev.T)/4
        db = np.mean(dz, axis=1, keepdims=True)
        da_prev = np.dot(self.W.T, dz)
        self.W = self.W - alpha*dW
        self.b = self.b - alpha*db
        return da_prev

np.random.seed(9)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
first, second = Layer(2, 3), Layer(3, 1)
for epoch in range(5000):
    out = second.forward(first.forward(X))
    da = out - Y
    first.backward(second.backward(da, 0.5), 0.5)
    if epoch % 500 == 0:
        print(epoch, np.mean((out - Y)**2))
print(out)
