import numpy as np
import random
random.seed(1)
np.random.seed(1)
def sigmoid(x): return 1.0/(1.0+np.exp(-x))
W1 = np.random.uniform(-1,1,(3,3))
W2 = np.random.uniform(-1,1,(1,4))
data = [([0,0],0),([0,1],1),([1,0],1),([1,1],0)]
for t in range(20000):
    x, target = random.choice(data)
    x = np.append(x, 1)
    h = np.append(sigmoid(W1.dot(x)), 1)
    o = sigmoid(W2.dot(h))
    delta = (o - target)*o*(1-o)
    deltah = (W2.T.dot(delta)*h*(1-h))[:-1]
    W2 -= 0.5*np.outer(delta, h)
    W1 -= 0.5*np.outer(deltah, x)
for x, target in data:
    print(x, sigmoid(W2.dot(np.append(sigmoid(W1.dot(np.append(x,1))),1))))
