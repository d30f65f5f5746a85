# XOR mit Backpropagation
# Neuronen haben Schwellwerte: net = Summe(w * x) - theta
import numpy as np

np.random.seed(2)

muster = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
lehrer = np.array([0, 1, 1, 0])

w_ein = np.random.uniform(-1.5, 1.5, (2, 2))
theta_v = np.random.uniform(-1.5, 1.5, 2)
w_aus = np.random.uniform(-1.5, 1.5, 2)
theta_a = np.random.uniform(-1.5, 1.5)

eta = 0.6
fehler = 1.0
schritt = 0


def sigma(net):
    return 1 / (1 + np.exp(-net))


while fehler > 0.01 and schritt < 20000:
    fehler = 0
    for x, t in zip(muster, lehrer):
        v = sigma(x @ w_ein - theta_v)
        a = sigma(v @ w_aus - theta_a)
        d_a = (t - a) * a * (1 - a)
        d_v = d_a * w_aus * v * (1 - v)
        w_aus = w_aus + eta * d_a * v
        theta_a = theta_a - eta * d_a
        w_ein = w_ein + eta * np.outer(x, d_v)
        theta_v = theta_v - eta * d_v
        fehler += (t - a) ** 2
    schritt += 1

print("Schritte:", schritt, "Fehler:", fehler)
for x in muster:
    print(x, round(float(sigma(sigma(x @ w_ein - theta_v) @ w_aus - theta_a)), 3))
