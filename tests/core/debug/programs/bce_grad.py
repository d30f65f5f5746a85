import numpy as np

def init(dims):
    np.random.seed(1)
    p = {}
    for l in range(1, len(dims)):
        p["W%d" % l] = np.random.randn(dims[l], dims[l - 1])
        p["b%d" % l] = np.zeros((dims[l], 1))
    return p

def linear_forward(A, W, b):
    return W.dot(A) + b, (A, W, b)

def forward(X, p):
    caches = []
    Z1, c1 = linear_forward(X, p["W1"], p["b1"])
    A1 = np.maximum(0, Z1)
    Z2, c2 = linear_forward(A1, p["W2"], p["b2"])
    A2 = 1 / (1 + np.exp(-Z2))
    return A2, [(c1, Z1), (c2, Z2)]

def linear_backward(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    return W.T.dot(dZ), dZ.dot(A.T) / m, dZ.sum(axis=1, keepdims=True) / m

def backward(AL, Y, caches):
    g = {}
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    (c1, Z1), (c2, Z2) = caches
    s = 1 / (1 + np.exp(-Z2))
    dZ2 = dAL * s * (1 - s)
    dA1, g["W2"], g["b2"] = linear_backward(dZ2, c2)
    dZ1 = np.array(dA1, copy=True)
    dZ1[Z1 <= 0] = 0
    _, g["W1"], g["b1"] = linear_backward(dZ1, c1)
    return g

X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=float)
Y = np.array([[0, 1, 1, 0]], dtype=float)
p = init([2, 6, 1])
for i in range(3000):
    AL, caches = forward(X, p)
    g = backward(AL, Y, caches)
    for k in g:
        p[k] = p[k] - 0.5 * g[k]
    if i % 500 == 0:
        print(i, float(-np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))))
