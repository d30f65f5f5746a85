"""Programs as people write them, made from style, layout, batch, activation and one mistake.

A program is put together from named lines; a mistake exchanges or moves one of them. The line that
is expected to be named is marked while the program is made, so it is right whatever the style.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

MARK = "  #!"


@dataclass(frozen=True)
class Program:
    """A script, and what is to be said about it."""

    name: str
    source: str
    mistake: str | None
    lines: tuple[int, ...]
    activation: str
    layout: str | None
    batch: str


@dataclass(frozen=True)
class Style:
    """How somebody writes: names, and how the lines are put together."""

    name: str
    names: dict[str, str]
    layout: str = "rows"
    batch: str = "full"
    activation: str = "sigmoid"
    helper: str = "none"  # a function for the slope: of z, of the activation, or none
    descent: str = "-="  # or "+=" with the error turned round, or "rebound"
    loss: str = "squared error"
    columns: dict[str, str] = field(default_factory=dict)


_MODULE = {
    "X": "X", "y": "y", "W1": "W1", "b1": "b1", "W2": "W2", "b2": "b2", "h": "hidden",
    "o": "output", "z1": "z1", "d2": "delta_out", "e1": "error_hidden", "d1": "delta_hidden",
    "lr": "lr", "err": "error",
}  # fmt: skip
_CLASS = _MODULE | {
    "W1": "self.w_in", "b1": "self.b_in", "W2": "self.w_out", "b2": "self.b_out",
    "h": "self.a1", "o": "self.a2", "z1": "self.z1", "X": "x", "y": "t", "lr": "self.eta",
}  # fmt: skip
_SPANISH = _MODULE | {
    "W1": "pesos1", "W2": "pesos2", "b1": "sesgo1", "b2": "sesgo2", "h": "oculta", "o": "salida",
    "d2": "grad_salida", "d1": "grad_oculta", "e1": "error_oculta", "lr": "tasa", "X": "entradas",
    "y": "objetivos",
}  # fmt: skip
_DICTIONARY = _MODULE | {
    "W1": "params['W1']", "b1": "params['b1']", "W2": "params['W2']", "b2": "params['b2']",
    "h": "A1", "o": "A2", "z1": "Z1", "d2": "dZ2", "e1": "dA1", "d1": "dZ1", "lr": "alpha",
    "X": "X", "y": "Y",
}  # fmt: skip

STYLES = [
    Style("module", _MODULE),
    Style("module-plus", _SPANISH, descent="+=", helper="activation"),
    Style("module-tanh", _MODULE, activation="tanh", descent="rebound"),
    Style("functions-columns", _DICTIONARY, layout="columns", activation="tanh",
          loss="cross-entropy", descent="rebound"),
    Style("functions-rows", _DICTIONARY, descent="rebound", helper="z"),
    Style("class", _CLASS, helper="activation"),
    Style("class-columns", _CLASS, layout="columns", helper="z"),
    Style("class-online", _CLASS, batch="online", descent="+="),
    Style("module-online", _SPANISH, batch="online", layout="columns"),
    Style("module-relu", _MODULE, activation="relu", loss="cross-entropy"),
]  # fmt: skip

MISTAKES: tuple[str | None, ...] = (
    None, "derivative-left-out", "derivative-of-activated", "derivative-given-z",
    "hidden-error-from-raw-error", "weight-used-after-update", "sign", "scale-of-one-array",
    "bias-gradient-summed-over-units", "bias-never-updated", "wrong-layer-input",
)  # fmt: skip


def programs() -> Iterator[Program]:
    """Every style with every mistake that it can have, and as many right ones."""
    for style in STYLES:
        for mistake in MISTAKES:
            program = make(style, mistake)
            if program is not None:
                yield program
        # As many right ones: other sizes, other ways to go down, another loss.
        for hidden in (2, 3, 5):
            yield replace_name(make(style, None, hidden=hidden), f"{style.name}-{hidden}")
        for descent in ("-=", "+=", "rebound"):
            other = replace(style, descent=descent)
            yield replace_name(make(other, None), f"{style.name}-{descent}")
        if style.activation != "relu":
            other = replace(style, loss="cross-entropy")
            yield replace_name(make(other, None), f"{style.name}-cross-entropy")


def replace_name(program: Program | None, name: str) -> Program:
    assert program is not None
    return replace(program, name=name)


def make(
    style: Style, mistake: str | None, hidden: int = 4, epochs: int = 400, seed: int = 3
) -> Program | None:
    """One program; None where the style cannot have the mistake."""
    body = _body(style, mistake)
    if body is None:
        return None
    text = _frame(style, body, hidden, epochs, seed)
    lines = text.splitlines()
    marked = tuple(number for number, line in enumerate(lines, 1) if line.endswith(MARK))
    source = "\n".join(line.removesuffix(MARK) for line in lines) + "\n"
    return Program(
        f"{style.name}-{mistake or 'right'}", source, mistake, marked, style.activation,
        style.layout, style.batch,
    )  # fmt: skip


def _forward(style: Style) -> list[str]:
    n = style.names
    rows = style.layout == "rows"
    x = "x" if style.batch == "online" else n["X"]
    product1 = f"{x} @ {n['W1']}" if rows else f"{n['W1']} @ {x}"
    product2 = f"{n['h']} @ {n['W2']}" if rows else f"{n['W2']} @ {n['h']}"
    function = {"sigmoid": "sigmoid({})", "tanh": "np.tanh({})", "relu": "np.maximum({}, 0)"}
    return [
        f"{n['z1']} = {product1} + {n['b1']}",
        f"{n['h']} = {function[style.activation].format(n['z1'])}",
        f"{n['o']} = sigmoid({product2} + {n['b2']})",
    ]


def _slope(style: Style, mistake: str | None) -> str | None:
    """The hidden slope as it stands in the line of the hidden error."""
    h, z = style.names["h"], style.names["z1"]
    inline = {"sigmoid": "{0} * (1 - {0})", "tanh": "(1 - {0} ** 2)", "relu": "({1} > 0)"}
    of_z = "slope" if style.helper == "z" else ""
    of_a = "slope" if style.helper == "activation" else ""
    match mistake:
        case "derivative-left-out":
            return ""
        case "derivative-of-activated":
            if style.activation == "relu":
                return None
            if of_z:
                return f"slope({h})"
            if style.activation == "tanh":
                return f"(1 - np.tanh({h}) ** 2)"
            return f"sigmoid({h}) * (1 - sigmoid({h}))"
        case "derivative-given-z":
            if style.activation == "relu" or of_z:
                return None
            return f"slope({z})" if of_a else inline[style.activation].format(z, z)
    if of_z or of_a:
        return f"slope({z if of_z else h})"
    return inline[style.activation].format(h, z)


def _body(style: Style, mistake: str | None) -> list[str] | None:
    """The lines of one step, from the forward pass to the updates; wrong ones are marked."""
    n = style.names
    rows, online = style.layout == "rows", style.batch == "online"
    x, t = ("x", "t") if online else (n["X"], n["y"])
    turned = style.descent == "+="
    slope = _slope(style, mistake)
    if slope is None:
        return None

    def mark(line: str, *slugs: str) -> str:
        return line + MARK if mistake in slugs else line

    error = f"{t} - {n['o']}" if turned else f"{n['o']} - {t}"
    output_slope = "" if style.loss == "cross-entropy" else f" * {n['o']} * (1 - {n['o']})"
    lines = _forward(style)
    lines.append(f"{n['err']} = {error}")
    lines.append(f"{n['d2']} = {n['err']}{output_slope}")
    source = n["d2"]
    if mistake == "hidden-error-from-raw-error":
        if style.loss == "cross-entropy":
            return None
        source = n["err"]
    back = f"{source} @ {n['W2']}.T" if rows else f"{n['W2']}.T @ {source}"
    lines.append(
        mark(f"{n['e1']} = {back}", "hidden-error-from-raw-error", "weight-used-after-update")
    )
    hidden = n["e1"] if not slope else f"{n['e1']} * {slope}"
    lines.append(
        mark(f"{n['d1']} = {hidden}", "derivative-left-out", "derivative-of-activated",
             "derivative-given-z")
    )  # fmt: skip
    updates = _updates(style, mistake, x, mark)
    if updates is None:
        return None
    if mistake == "weight-used-after-update":
        place = next(at for at, line in enumerate(lines) if line.startswith(f"{n['e1']} ="))
        return [*lines[:place], updates[0], *lines[place:], *updates[1:]]
    return lines + updates


def _updates(style: Style, mistake: str | None, x: str, mark: object) -> list[str] | None:
    n = style.names
    rows, online = style.layout == "rows", style.batch == "online"
    d1, d2, h = n["d1"], n["d2"], n["h"]
    below = h
    if mistake == "wrong-layer-input":
        below = n["z1"]
    if online:
        g2 = f"np.outer({below}, {d2})" if rows else f"np.outer({d2}, {below})"
        g1 = f"np.outer({x}, {d1})" if rows else f"np.outer({d1}, {x})"
        gb2, gb1 = d2, d1
    elif rows:
        g2, g1 = f"{below}.T @ {d2}", f"{x}.T @ {d1}"
        gb2, gb1 = f"{d2}.sum(axis=0)", f"{d1}.sum(axis=0)"
    else:
        g2, g1 = f"{d2} @ {below}.T", f"{d1} @ {x}.T"
        gb2 = f"{d2}.sum(axis=1, keepdims=True)"
        gb1 = f"{d1}.sum(axis=1, keepdims=True)"
    if mistake == "bias-gradient-summed-over-units":
        gb1 = f"np.sum({d1})"
    if mistake == "scale-of-one-array":
        gb1 = f"{gb1} / 4"

    def update(name: str, gradient: str, slugs: tuple[str, ...]) -> str:
        sign = "+" if style.descent == "+=" else "-"
        if "sign" in slugs and mistake == "sign":
            sign = {"+": "-", "-": "+"}[sign]
        if "@" in gradient:
            gradient = f"({gradient})"
        line = f"{n[name]} {sign}= {n['lr']} * {gradient}"
        if style.descent == "rebound":
            line = f"{n[name]} = {n[name]} {sign} {n['lr']} * {gradient}"
        return mark(line, *slugs)  # type: ignore[operator, no-any-return]

    dead = ("bias-never-updated",)  # it is missed beside the other update of its layer
    found = [
        update("W2", g2, ("wrong-layer-input",)),
        update("b2", gb2, ()),
        update("W1", g1, ("sign", *dead)),
        update("b1", gb1, ("bias-gradient-summed-over-units", "scale-of-one-array")),
    ]
    return found[:3] if mistake == "bias-never-updated" else found


_SIGMOID = ["def sigmoid(v):", "    return 1 / (1 + np.exp(-v))", ""]


def _helper(style: Style) -> list[str]:
    if style.helper == "none":
        return []
    form = {
        ("activation", "sigmoid"): "v * (1 - v)",
        ("activation", "tanh"): "1 - v ** 2",
        ("z", "sigmoid"): "sigmoid(v) * (1 - sigmoid(v))",
        ("z", "tanh"): "1 - np.tanh(v) ** 2",
    }[style.helper, style.activation]
    return ["def slope(v):", f"    return {form}", ""]


def _indented(lines: list[str], depth: int) -> list[str]:
    return ["    " * depth + line if line else line for line in lines]


def _data(style: Style) -> list[str]:
    n, online = style.names, style.batch == "online"
    x, y = ("X", "y") if style.names is _CLASS else (n["X"], n["y"])
    bits = f"{x} = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])"
    labels = f"{y} = np.array([[0], [1], [1], [0]])"
    if style.layout == "columns" and not online:
        return [bits + ".T", labels + ".T"]
    return [bits, labels]


def _start(style: Style, hidden: int) -> list[str]:
    n = style.names
    rows = style.layout == "rows"
    flat = style.batch == "online"
    shapes = {"W1": (2, hidden), "W2": (hidden, 1)}
    if not rows:
        shapes = {name: shape[::-1] for name, shape in shapes.items()}
    lines = [f"{n[name]} = np.random.randn{shape}" for name, shape in shapes.items()]
    for name, units in (("b1", hidden), ("b2", 1)):
        shape = f"{units}" if flat or rows else f"({units}, 1)"
        lines.append(f"{n[name]} = np.zeros({shape})")
    return lines


def _frame(style: Style, body: list[str], hidden: int, epochs: int, seed: int) -> str:
    n, online = style.names, style.batch == "online"
    head = ["import numpy as np", "", *_SIGMOID, *_helper(style)]
    seeded = f"np.random.seed({seed})"
    if n is _CLASS:
        lines = [
            *head, "class Network:", "    def __init__(self, eta):", "        self.eta = eta",
            *_indented(_start(style, hidden), 2), "",
            "    def train(self, x, t):", *_indented(body, 2), "",
            seeded, *_data(style), "net = Network(0.3)", f"for epoch in range({epochs}):",
            *(["    for x, t in zip(X, y):", "        net.train(x, t)"] if online
              else ["    net.train(X, y)"]),
            "print(net.a2)",
        ]  # fmt: skip
    elif n is _DICTIONARY:
        lines = [
            *head, f"def gradient_step(params, {n['X']}, {n['y']}, alpha):", *_indented(body, 1),
            "    return A2", "", "def main():", f"    {seeded}", *_indented(_data(style), 1),
            "    params = {}", *_indented(_start(style, hidden), 1),
            f"    for i in range({epochs}):", "        A2 = gradient_step(params, X, Y, 0.3)",
            "        if i % 100 == 0:", "            print(i, np.mean((A2 - Y) ** 2))", "",
            'if __name__ == "__main__":', "    main()",
        ]  # fmt: skip
    else:
        loop = _indented(body, 2 if online else 1)
        if online:
            loop = [f"    for x, t in zip({n['X']}, {n['y']}):", *loop]
        lines = [
            *head, *_data(style), "", seeded, *_start(style, hidden), f"{n['lr']} = 0.3", "",
            f"for epoch in range({epochs}):", *loop, "", f"print({n['o']})",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
