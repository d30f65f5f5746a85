# Perceptron multicapa para la compuerta XOR, sin numpy
import random
import math

random.seed(4)

datos = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]

# pesos de la capa oculta (2 neuronas) y sus umbrales
w11 = random.uniform(-1, 1)
w12 = random.uniform(-1, 1)
w21 = random.uniform(-1, 1)
w22 = random.uniform(-1, 1)
b1 = random.uniform(-1, 1)
b2 = random.uniform(-1, 1)
# pesos de la neurona de salida
v1 = random.uniform(-1, 1)
v2 = random.uniform(-1, 1)
b3 = random.uniform(-1, 1)

tasa = 0.5


def sigmoide(x):
    return 1 / (1 + math.exp(-x))


for epoca in range(10000):
    error_total = 0
    for entrada, deseado in datos:
        x1, x2 = entrada
        h1 = sigmoide(w11 * x1 + w12 * x2 + b1)
        h2 = sigmoide(w21 * x1 + w22 * x2 + b2)
        o = sigmoide(v1 * h1 + v2 * h2 + b3)

        error = deseado - o
        error_total += error ** 2

        # retropropagación
        delta_o = error * o * (1 - o)
        delta_1 = delta_o * v1 * h1 * (1 - h1)
        delta_2 = delta_o * v1 * h2 * (1 - h2)

        v1 += tasa * delta_o * h1
        v2 += tasa * delta_o * h2
        b3 += tasa * delta_o
        w11 += tasa * delta_1 * x1
        w12 += tasa * delta_1 * x2
        b1 += tasa * delta_1
        w21 += tasa * delta_2 * x1
        w22 += tasa * delta_2 * x2
        b2 += tasa * delta_2
    if epoca % 2000 == 0:
        print("época", epoca, "error", error_total)

for entrada, deseado in datos:
    h1 = sigmoide(w11 * entrada[0] + w12 * entrada[1] + b1)
    h2 = sigmoide(w21 * entrada[0] + w22 * entrada[1] + b2)
    print(entrada, deseado, round(sigmoide(v1 * h1 + v2 * h2 + b3), 3))
