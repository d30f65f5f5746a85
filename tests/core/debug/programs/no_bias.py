import numpy as np

def sig(z):
    return 1/(1+np.exp(-z))

x = np.array([[0,0],[0,1],[1,0],[1,1]])
y = np.array([[0,1,1,0]]).T

w1 = 2*np.random.random((2,3)) - 1
w2 = 2*np.random.random((3,1)) - 1

for j in range(20000):
    l1 = sig(x.dot(w1))
    l2 = sig(l1.dot(w2))

    l2_error = y - l2
    if (j % 5000) == 0:
        print("Error: " + str(np.mean(np.abs(l2_error))))

    l2_delta = l2_error * (l2*(1-l2))
    l1_error = l2_delta.dot(w2.T)
    l1_delta = l1_error * (l1*(1-l1))

    w2 += l1.T.dot(l2_delta)
    w1 += x.T.dot(l1_delta)

print(l2)
