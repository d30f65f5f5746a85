import numpy as np

np.random.seed(14)
entradas = np.array([[0,0],[0,1],[1,0],[1,1]])
saidas = np.array([[0],[1],[1],[0]])

# camada oculta com 3 neurônios
peso1 = np.random.normal(size=(2,3))
bias1 = np.random.normal(size=(1,3))
peso2 = np.random.normal(size=(3,1))
bias2 = np.random.normal(size=(1,1))
taxa = 0.5

def sigmoide(soma):
    return 1 / (1 + np.exp(-soma))

def derivada(sig):
    return sig * (1 - sig)

for epoca in range(10000):
    oculta = sigmoide(entradas @ peso1 + bias1)
    saida = sigmoide(oculta @ peso2 + bias2)

    erro = saidas - saida
    delta_saida = erro * derivada(saida)
    delta_oculta = delta_saida @ peso2.T * derivada(oculta)

    peso2 = peso2 + taxa * (oculta.T @ delta_saida)
    bias2 = bias2 + taxa * delta_saida
    peso1 = peso1 + taxa * (entradas.T @ delta_oculta)
    bias1 = bias1 + taxa * delta_oculta

    if epoca % 1000 == 0:
        print('Época', epoca, 'erro médio', np.mean(np.abs(erro)))

print(saida)
