from math import exp
def f(x): return 1/(1+exp(-x))

w1, w2, w3, w4, w5, w6 = 0.15, -0.4, 0.9, 0.3, -0.6, 0.7
b1, b2, b3 = 0.1, -0.2, 0.3
lr = 0.5
X = [(0,0,0),(0,1,1),(1,0,1),(1,1,0)]
for epoch in range(10000):
    for a, b, t in X:
        h1 = f(w1*a + w2*b + b1)
        h2 = f(w3*a + w4*b + b2)
        o = f(w5*h1 + w6*h2 + b3)
        do = (o - t)*o*(1 - o)
        dh1 = do*w5*h1*(1 - h1)
        dh2 = do*w5*h2*(1 - h2)
        w5 -= lr*do*h1
        w6 -= lr*do*h2
        b3 -= lr*do
        w1 -= lr*dh1*a
        w2 -= lr*dh1*b
        b1 -= lr*dh1
        w3 -= lr*dh2*a
        w4 -= lr*dh2*b
        b2 -= lr*dh2
for a, b, t in X:
    print(a, b, t, f(w5*f(w1*a + w2*b + b1) + w6*f(w3*a + w4*b + b2) + b3))
