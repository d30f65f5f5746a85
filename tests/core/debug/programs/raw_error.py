from numpy import exp, array, random, dot

class Netz:
    """Künstliches neuronales Netz mit einer verdeckten Schicht (für XOR)"""
    def __init__(self):
        random.seed(1)
        self.gewichte1 = 2 * random.random((3, 4)) - 1
        self.gewichte2 = 2 * random.random((4, 1)) - 1

    def __sigmoid(self, x):
        return 1 / (1 + exp(-x))

    def __ableitung(self, x):
        return x * (1 - x)

    def lernen(self, eingabe, ziel, durchlaeufe):
        for n in range(durchlaeufe):
            schicht1 = self.__sigmoid(dot(eingabe, self.gewichte1))
            schicht2 = self.__sigmoid(dot(schicht1, self.gewichte2))

            fehler2 = ziel - schicht2
            delta2 = fehler2 * self.__ableitung(schicht2)
            # Fehler zurück in die verdeckte Schicht
            fehler1 = dot(fehler2, self.gewichte2.T)
            delta1 = fehler1 * self.__ableitung(schicht1)

            self.gewichte1 += dot(eingabe.T, delta1)
            self.gewichte2 += dot(schicht1.T, delta2)

    def denken(self, eingabe):
        schicht1 = self.__sigmoid(dot(eingabe, self.gewichte1))
        return self.__sigmoid(dot(schicht1, self.gewichte2))

netz = Netz()
# die dritte Spalte ist der Bias
X = array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = array([[0, 1, 1, 0]]).T
netz.lernen(X, y, 10000)
print("Ausgabe nach dem Training:")
print(netz.denken(X))
