import numpy as np
X = np.array([[0,0],[0,1],[1,0],[1,1]]); Y = np.array([[0],[1],[1],[0]])
class Net:
    def __init__(self):
        np.random.seed(5)
        self.Wh = np.random.rand(2,3); self.bh = np.random.rand(1,3)
        self.Wo = np.random.rand(3,1); self.bo = np.random.rand(1,1)
    def sig(self, z): return 1/(1+np.exp(-z))
    def fit(self, n, lr):
        for _ in range(n):
            h = self.sig(X.dot(self.Wh)+self.bh)
            o = self.sig(h.dot(self.Wo)+self.bo)
            err = Y - o
            do = err*o*(1-o)
            dh = do.dot(self.Wo.T)*h*(1-h)
            self.Wo += lr*h.T.dot(do)
            self.bo += lr*do.sum(axis=0)
            self.Wh -= lr*X.T.dot(dh)
            self.bh += lr*dh.sum(axis=0)
        return o
print(Net().fit(5000, 0.5))
