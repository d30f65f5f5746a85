import numpy as np
from random import seed

class Red:
    # red neuronal 2-2-1 para XOR
    def __init__(self, tasa_aprendizaje):
        np.random.seed(21)
        self.tasa = tasa_aprendizaje
        self.pesos_entrada = np.random.uniform(-1, 1, (2, 4))
        self.sesgo_oculta = np.random.uniform(-1, 1, 4)
        self.pesos_salida = np.random.uniform(-1, 1, (4, 1))
        self.sesgo_salida = np.random.uniform(-1, 1, 1)

    def sigmoide(self, n):
        return 1 / (1 + np.exp(-n))

    def propagar(self, x):
        self.oculta = self.sigmoide(np.dot(x, self.pesos_entrada) + self.sesgo_oculta)
        self.salida = self.sigmoide(np.dot(self.oculta, self.pesos_salida) + self.sesgo_salida)
        return self.salida

    def entrenar(self, x, y, epocas):
        for _ in range(epocas):
            self.propagar(x)
            error = y - self.salida
            gradiente_salida = error * self.salida * (1 - self.salida)
            gradiente_oculta = gradiente_salida.dot(self.pesos_salida.T) * self.oculta * (1 - self.oculta)
            # actualización de los pesos
            self.pesos_salida += self.tasa * self.oculta.T.dot(gradiente_salida)
            self.pesos_entrada += self.tasa * x.T.dot(gradiente_oculta)

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
red = Red(0.5)
red.entrenar(X, Y, 10000)
for par in X:
    print(par, red.propagar(par))
