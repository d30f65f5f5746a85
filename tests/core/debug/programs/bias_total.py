import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def main():
    rng = np.random.RandomState(42)
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    Y = np.array([[0], [1], [1], [0]])
    params = {"W1": rng.randn(2, 4), "b1": np.zeros((1, 4)), "W2": rng.randn(4, 1), "b2": np.zeros((1, 1))}
    for epoch in range(10000):
        A1 = sigmoid(X @ params["W1"] + params["b1"])
        A2 = sigmoid(A1 @ params["W2"] + params["b2"])
        dZ2 = (A2 - Y) * A2 * (1 - A2)
        dZ1 = dZ2 @ params["W2"].T * A1 * (1 - A1)
        grads = {}
        grads["W2"] = A1.T @ dZ2
        grads["b2"] = np.sum(dZ2)
        grads["W1"] = X.T @ dZ1
        grads["b1"] = np.sum(dZ1)
        for key in params:
            params[key] = params[key] - 0.5 * grads[key]
    print(A2)

if __name__ == "__main__":
    main()
