import numpy as np


class NeuralNet:
    def __init__(self, num_inputs, num_hidden, num_outputs):
        # weights and the last gradients (for momentum)
        self.w_in = np.random.normal(0, 1, (num_inputs, num_hidden))
        self.b_hid = np.zeros((1, num_hidden))
        self.w_out = np.random.normal(0, 1, (num_hidden, num_outputs))
        self.b_out = np.zeros((1, num_outputs))
        self.last_w_in = 0
        self.last_b_hid = 0
        self.last_w_out = 0
        self.last_b_out = 0

    def set_rate(self, rate, alpha):
        self.rate = rate
        self.alpha = alpha

    def feed_forward(self, inputs):
        self.hid = 1 / (1 + np.exp(-(inputs @ self.w_in + self.b_hid)))
        self.out = 1 / (1 + np.exp(-(self.hid @ self.w_out + self.b_out)))
        return self.out

    def back_propagate(self, inputs, targets):
        g_out = (targets - self.out) * self.out * (1 - self.out)
        g_hid = g_out @ self.w_out.T * self.hid * (1 - self.hid)

        ch_w_out = self.rate * self.hid.T @ g_out + self.alpha * self.last_w_out
        ch_b_out = self.rate * g_out.sum(0, keepdims=True) + self.alpha * self.last_b_out
        ch_w_in = self.rate * inputs.T @ g_hid + self.alpha * self.last_w_in
        ch_b_hid = self.rate * g_hid.sum(0, keepdims=True) + self.alpha * self.last_b_hid
        self.w_out += ch_w_out
        self.b_out += ch_b_out
        self.w_in += ch_w_in
        self.b_hid += ch_b_hid
        self.last_w_out = self.w_out.copy()
        self.last_b_out = ch_b_out
        self.last_w_in = ch_w_in
        self.last_b_hid = ch_b_hid


np.random.seed(20)
patterns = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
targets = np.array([[0], [1], [1], [0]])
net = NeuralNet(2, 3, 1)
net.set_rate(0.5, 0.01)
for i in range(5000):
    net.feed_forward(patterns)
    net.back_propagate(patterns, targets)
print(net.feed_forward(patterns))
