import numpy as np

def stream():
    r = np.random.RandomState(3)
    while True:
        x = r.randint(0, 2, 2)
        yield x, int(x[0] or x[1])

w, b, eta = np.zeros(2), 0.0, 0.5
for step, (x, t) in enumerate(stream()):
    if step == 5000:
        break
    p = 1 / (1 + np.exp(-(w @ x + b)))
    w = w + eta * (t - p) * x
    b = b + eta * (t - p)
print(w, b)
