import numpy as np

def tanh_prime(a):
    return 1.0 - a**2

def fit(X, Y, rate=0.1, rounds=4000):
    r = np.random.default_rng(19)
    A, a = r.uniform(-1, 1, (2, 2)), np.zeros(2)
    B, b = r.uniform(-1, 1, (2, 1)), np.zeros(1)
    for n in range(rounds):
        H = np.tanh(X @ A + a)
        O = np.tanh(H @ B + b)
        dO = (O - Y) * tanh_prime(O)
        dH = (dO @ B.T) * tanh_prime(H)
        B = B - rate * (H.T @ dO)
        b = b - rate * dO.sum(axis=0)
        A = A - rate * (dH.T @ X)
        a = a - rate * dH.sum(axis=0)
    return A, a, B, b

# tanh outputs: use -1 and 1
X = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
Y = np.array([[-1], [1], [1], [-1]])
A, a, B, b = fit(X, Y)
print(np.tanh(np.tanh(X @ A + a) @ B + b))
