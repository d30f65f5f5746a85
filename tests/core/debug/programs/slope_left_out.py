import numpy as np

class Net:
	def __init__(self, lr=0.5):
		self.lr = lr
		rs = np.random.RandomState(12)
		self.w1 = rs.standard_normal((3, 2))
		self.b1 = rs.standard_normal((3, 1))
		self.w2 = rs.standard_normal((1, 3))
		self.b2 = rs.standard_normal((1, 1))

	def get_hidden(self, x):
		return 1 / (1 + np.exp(-(self.w1 @ x + self.b1)))

	def get_output(self, h):
		return 1 / (1 + np.exp(-(self.w2 @ h + self.b2)))

	def train_one(self, x, t):
		x = x.reshape(2, 1)
		h = self.get_hidden(x)
		o = self.get_output(h)
		delta_out = (t - o) * o * (1 - o)
		delta_hid = self.w2.T @ delta_out
		self.w2 += self.lr * delta_out @ h.T
		self.b2 += self.lr * delta_out
		self.w1 += self.lr * delta_hid @ x.T
		self.b1 += self.lr * delta_hid
		return float((t - o)[0, 0] ** 2)

net = Net()
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([0, 1, 1, 0])
for epoch in range(3000):
	sse = 0
	for x, t in zip(X, Y):
		sse += net.train_one(x, t)
	if epoch % 500 == 0:
		print(epoch, sse)
for x in X:
	print(x, net.get_output(net.get_hidden(x.reshape(2, 1))))
