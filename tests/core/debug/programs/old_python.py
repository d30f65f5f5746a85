import numpy as np

def sigmoid(x):
    return 1/(1+np.exp(-x))

X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
y = np.array([[0,1,1,0]]).T
np.random.seed(1)
w0 = 2*np.random.random((3,4)) - 1
w1 = 2*np.random.random((4,1)) - 1

for j in xrange(10000):
    l1 = sigmoid(np.dot(X,w0))
    l2 = sigmoid(np.dot(l1,w1))
    l2_delta = (y - l2)*l2*(1-l2)
    l1_delta = l2_delta.dot(w1.T)*l1*(1-l1)
    w1 += l1.T.dot(l2_delta)
    w0 += X.T.dot(l1_delta)
    if (j % 1000) == 0:
        print "Error:" + str(np.mean(np.abs(y - l2)))

print "Output:"
print l2
