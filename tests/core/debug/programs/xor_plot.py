import numpy as np
import matplotlib.pyplot as plt

np.random.seed(0)
X = np.array([[0,0],[0,1],[1,0],[1,1]])
T = np.array([[0],[1],[1],[0]])

# network architecture
inputLayerSize, hiddenLayerSize, outputLayerSize = 2, 3, 1

def sigmoid(x): return 1/(1 + np.exp(-x))
def dsigmoid(x): return x * (1 - x)

Wh = np.random.uniform(-1, 1, size=(inputLayerSize, hiddenLayerSize))
Bh = np.zeros((1, hiddenLayerSize))
Wz = np.random.uniform(-1, 1, size=(hiddenLayerSize, outputLayerSize))
Bz = np.zeros((1, outputLayerSize))
L = 0.1
losses = []

for i in range(30000):
	H = sigmoid(np.dot(X, Wh) + Bh)
	Z = sigmoid(np.dot(H, Wz) + Bz)
	E = T - Z
	losses.append(np.mean(E**2))
	dZ = E * dsigmoid(Z)
	dH = dZ.dot(Wz.T) * dsigmoid(H)
	Wz += L * H.T.dot(dZ)
	Bz += L * np.sum(dZ)
	Wh += L * X.T.dot(dH)
	Bh += L * np.sum(dH)

print(Z)
plt.plot(losses)
plt.xlabel("epoch")
plt.ylabel("mse")
plt.show()
