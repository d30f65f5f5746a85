# matrices as lists of lists, without NumPy
import math, random

def matmul(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]

def transpose(m):
    return [list(row) for row in zip(*m)]

def apply(f, m):
    return [[f(v) for v in row] for row in m]

def sigmoid(v):
    return 1 / (1 + math.exp(-v))

random.seed(9)
X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
Y = [[0], [1], [1], [0]]
W1 = [[random.gauss(0, 1) for _ in range(3)] for _ in range(3)]
W2 = [[random.gauss(0, 1)] for _ in range(3)]
for epoch in range(3000):
    A1 = apply(sigmoid, matmul(X, W1))
    A2 = apply(sigmoid, matmul(A1, W2))
    D2 = [[(A2[i][0] - Y[i][0]) * A2[i][0] * (1 - A2[i][0])] for i in range(4)]
    back = matmul(D2, transpose(W2))
    D1 = [[back[i][j] * A1[i][j] * (1 - A1[i][j]) for j in range(3)] for i in range(4)]
    G2 = matmul(transpose(A1), D2)
    G1 = matmul(transpose(X), D1)
    for i in range(3):
        W2[i][0] -= 1.0 * G2[i][0]
        for j in range(3):
            W1[i][j] -= 1.0 * G1[i][j]
for row in A2:
    print(row)
