import numpy as np

rng = np.random.default_rng(11)


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def init(n_hidden):
    return dict(
        W=rng.normal(size=(2, n_hidden)),
        b=np.zeros(n_hidden),
        V=rng.normal(size=(n_hidden, 2)),
        c=np.zeros(2),
    )


def loss_and_grad(p, X, onehot):
    h = np.tanh(X @ p["W"] + p["b"])
    probs = softmax(h @ p["V"] + p["c"])
    loss = -np.mean(np.log(probs[onehot == 1]))
    dlogits = (probs - onehot) / len(X)
    dh = dlogits @ p["V"].T * (1 - h ** 2)
    grad = dict(W=X.T @ dh, b=dh.sum(axis=0), V=h.T @ dlogits, c=dlogits.sum(axis=0))
    return loss, grad, probs


def main():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    labels = np.array([0, 1, 1, 0])
    onehot = np.eye(2)[labels]
    p = init(4)
    for step in range(1000):
        loss, grad, probs = loss_and_grad(p, X, onehot)
        for name in p:
            p[name] = p[name] - 0.5 * grad[name]
        if step % 100 == 0:
            print(step, loss)
    print(probs.argmax(axis=1), labels)


main()
