import math, random
random.seed(3)
sig = lambda x: 1 / (1 + math.exp(-x))
W = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(2)]
B = [random.uniform(-1, 1) for _ in range(2)]
V = [random.uniform(-1, 1) for _ in range(2)]
C = random.uniform(-1, 1)
rate = 0.5
data = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
for epoch in range(4000):
    for (x1, x2), t in data:
        H = []
        for j in range(2):
            H.append(sig(W[j][0] * x1 + W[j][1] * x2 + B[j]))
        o = sig(V[0] * H[0] + V[1] * H[1] + C)
        do = (t - o) * o * (1 - o)
        dh = [do * V[j] * H[j] * (1 - H[j]) for j in range(2)]
        for j in range(2):
            V[j] += rate * do * H[j]
            W[j][0] += rate * dh[j] * x1
            W[j][1] += rate * dh[j] * x2
            B[j] -= rate * dh[j]
        C += rate * do
print(o)
