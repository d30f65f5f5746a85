import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

class Model:
    def __init__(self, decay=1e-4):
        g = np.random.default_rng(12)
        self.W1, self.b1 = g.normal(size=(2, 4)), np.zeros((1, 4))
        self.W2, self.b2 = g.normal(size=(4, 1)), np.zeros((1, 1))
        self.decay = decay

    def update(self, X, Y, eta):
        H = sigmoid(X @ self.W1 + self.b1)
        O = sigmoid(H @ self.W2 + self.b2)
        err = O - Y
        dO = err * O * (1 - O)
        dH = (err @ self.W2.T) * H * (1 - H)
        self.W2 -= eta * (H.T @ dO + self.decay * self.W2)
        self.b2 -= eta * dO.sum(axis=0, keepdims=True)
        self.W1 -= eta * (X.T @ dH + self.decay * self.W1)
        self.b1 -= eta * dH.sum(axis=0, keepdims=True)
        return O

model = Model()
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
for k in range(5000):
    O = model.update(X, Y, 0.5)
print(O)
