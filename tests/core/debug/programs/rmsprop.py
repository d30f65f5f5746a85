import numpy as np
np.random.seed(1)
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
P = {'w1': np.random.randn(2,4), 'b1': np.zeros((1,4)), 'w2': np.random.randn(4,1), 'b2': np.zeros((1,1))}
cache = {k: np.zeros_like(v) for k, v in P.items()}
f = lambda z: 1/(1+np.exp(-z))
for it in range(8000):
    k = np.random.randint(4)
    x, y = X[k:k+1], Y[k:k+1]
    h = f(x @ P['w1'] + P['b1'])
    o = f(h @ P['w2'] + P['b2'])
    d2 = (o - y) * o * (1 - o)
    d1 = d2 @ P['w2'].T * h * (1 - h)
    G = {'w1': x.T @ d1, 'b1': d1, 'w2': h.T @ d2, 'b2': d2}
    for n in P:
        cache[n] = 0.9*cache[n] + 0.1*G[n]**2
        P[n] = P[n] - 0.01*G[n]/(cache[n]**0.5 + 1e-8)
print(f(f(X @ P['w1'] + P['b1']) @ P['w2'] + P['b2']))
