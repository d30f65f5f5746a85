"""A script that is recorded does what it does unrecorded, and every value is noted as its own."""

import ast
import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from xortui.core.debug.instrument import Instrument
from xortui.core.debug.noting import WATCH, Noting, SourceNode, lines_of
from xortui.core.debug.watch import Watch

# Each leaves what it worked out in `result`.
SCRIPTS = {
    "head": '"""Says what it is."""\nfrom __future__ import annotations\n'
    "def f(x: Unknown) -> Unknown:\n    'says, too'\n    return x\n"
    "result = __doc__, f.__doc__, f(2), f.__annotations__",
    "loops": "result = []\nfor i in range(3):\n    if i == 1: continue\n    result += [i]\n"
    "else:\n    result += ['end']\nwhile True:\n    result += ['once']\n    break",
    "long loop": "total = 0\nfor i in (n for n in range(200)):\n    total += i\nresult = total, i",
    "while with an end": "n, result = 3, []\nwhile n:\n    n -= 1\n    result.append(n)\n"
    "else:\n    result.append('end')",
    "loop in a call that calls itself": "def f(n):\n"
    "    return [n] + sum((f(k) for k in range(n)), [])\nresult = f(4)",
    "class": "class A:\n    'what it is'\n    count: int = 0\n    bare: int\n"
    "    def __init__(self):\n        super().__init__()\n        self.__x = [1, 2]\n"
    "    @property\n    def x(self):\n        return self.__x\n"
    "a = A()\na.count += 3\na.x[0] = 7\nresult = a.count, a.x, A.__doc__, A.__annotations__",
    "errors": "result = []\ntry:\n    x = [1][4]\nexcept IndexError as error:\n"
    "    result += [str(error)]\nelse:\n    result += ['none']\nfinally:\n    result += ['last']",
    "with": "import contextlib\nwith contextlib.nullcontext(4) as four:\n    result = four + 1",
    "match": "def f(x):\n    match x:\n        case [a, b]:\n            return a + b\n"
    "        case {'k': v} if v > 0:\n            return v\n"
    "        case _:\n            return None\n"
    "result = f([1, 2]), f({'k': 5}), f({'k': -5})",
    "generator": "def f():\n    got = yield 1\n    yield got\n    yield from [3, 4]\n"
    "g = f()\nresult = [next(g), g.send('sent'), *g]",
    "async": "async def f(x):\n    y = await g(x)\n    await g(x)\n    return y + 1\n"
    "async def g(x):\n    return 2 * x\nresult = run(f(3))",
    "lambdas": "double = lambda v, by=2: v * by\nresult = sorted([3, 1, 2], key=lambda v: -v), "
    "double(4), (lambda *a, **k: (a, k))(1, z=2)",
    "late": "fs = [lambda: i for i in range(3)]\nresult = [f() for f in fs]",
    "walrus": "result = [y := 5, y ** 2]\nif (n := len(result)) > 1:\n    result += [n]",
    "conditional": "a = 3\nresult = 'big' if a > 2 else undefined, 1 < a < 5, "
    "not a, -a, a or undefined",
    "stars": "first, *rest = 1, 2, 3\ndef f(*a, **k):\n    return a, k\n"
    "result = f(*rest, 0, **{'axis': 1}, keepdims=first)",
    "comprehensions": "result = [a * b for a, b in zip([1, 2], [3, 4])], {k for k in 'aab'}, "
    "{k: v for k, v in [(1, 2)]}, sum(a * a for a in range(4)), max(a for a in [1, 9])",
    "targets": "x = [[1, 2], [3, 4]]\nx[0][1] += 10\nx[1][:] = [8, 9]\na = b = x[0]\n"
    "calls = []\ndef at():\n    calls.append(1)\n    return 1\nx[at()][at()] -= 1\n"
    "result = x, a is b, len(calls)",
    "names": "def f():\n    x = 1\n"
    "    def g():\n        nonlocal x\n        x += 1\n        return x\n"
    "    g()\n    return x, sorted(locals())\ny = 0\n"
    "def h():\n    global y\n    y = f()\nh()\nresult = y",
    "strings": "v = 3\nresult = f'{v!r:>4}|{v + 1}', 'ä' * v, b'x', True, None, ...",
    "evaluated": "v = 3\nresult = eval('v + 1'), [k for k in ('v', 'w') if k in globals()]",
    "assert, delete": "v = [1, 2]\nassert v, 'none'\ndel v[0]\nresult = v",
    "Windows lines": "a = (1 +\r\n     2)\r\nresult = a * 2",
}  # fmt: skip


def run(source: str, watch: Watch | None = None) -> tuple[Any, list[SourceNode]]:
    """What a script leaves in `result`, and the nodes that were made of it."""
    names: dict[str, Any] = {"run": asyncio.run, "__name__": "__main__"}
    tree, nodes = ast.parse(source), []
    if watch is not None:
        noting = Noting(source)
        tree, nodes = Instrument(noting).visit(tree), noting.nodes
        names[WATCH] = watch
    exec(compile(tree, "script.py", "exec"), names)
    return names["result"], nodes


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_it_does_the_same_recorded_and_between_two_windows(source: str) -> None:
    expected, _ = run(source)
    recorded, closed = Watch(), Watch()
    closed.on = False
    closed.is_over = True
    assert run(source, recorded)[0] == expected
    assert run(source, closed)[0] == expected
    assert recorded.nodes
    assert not closed.nodes


def noted(source: str) -> dict[str, tuple[str, str, Any]]:
    """By the text of an expression: its syntax, its operator, and the last value noted of it."""
    values: dict[int, Any] = {}

    def note(node: int, value: Any) -> Any:
        values[node] = list(value) if isinstance(value, list) else value
        return value

    watch = SimpleNamespace(
        on=True,
        note=note,
        loop=lambda number, things: things,
        enter=lambda *_: None,
        left=lambda *_: None,
        tick=lambda *_: True,
    )
    _, nodes = run(source, watch)  # type: ignore[arg-type]
    return {nodes[at].text: (nodes[at].kind, nodes[at].operator, values[at]) for at in values}


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("result = a * b", "a * b", ("BinOp", "Mult", 6)),
        ("result = -a", "-a", ("UnaryOp", "USub", -2)),
        ("result = a < b", "a < b", ("Compare", "Lt", True)),
        ("result = a if a > b else (b + 1)", "b + 1", ("BinOp", "Add", 4)),
        ("result = x[a - 1]", "x[a - 1]", ("Subscript", "", 6)),
        ("result = x[a - 1]", "a - 1", ("BinOp", "Sub", 1)),
        ("result = x.copy()", "x.copy()", ("Call", "copy", [5, 6])),
        ("result = max(a, b)", "max(a, b)", ("Call", "max", 3)),
        ("result = sum(v * v for v in x)", "v * v", ("BinOp", "Mult", 36)),
        ("result = [v + 1 for v in x]", "[v + 1 for v in x]", ("ListComp", "", [6, 7])),
        ("result = (a, *x)", "(a, *x)", ("Tuple", "", (2, 5, 6))),
        ("result = list(map(lambda v: v * a, x))", "v * a", ("BinOp", "Mult", 12)),
        ("a += b; result = a", "a += b", ("Change", "Add", 5)),
        ("x[0] -= b; result = x", "x[0] -= b", ("Change", "Sub", 2)),
        ("x[0] = b; result = x", "x[0] = b", ("Change", "Set", [3, 6])),
        ("x[len('a')] *= b; result = x", "x[len('a')] *= b", ("Change", "Set", [5, 18])),
        ("result = np.c_[a, b]", "np.c_[a, b]", ("Call", "column_stack", (2, 3))),
        ("result = f'ä' and a * b", "a * b", None),  # of what is not followed, nothing
        ("ä = a; result = ä * b", "ä * b", ("BinOp", "Mult", 6)),
    ],
)  # fmt: skip
def test_an_expression_is_noted_with_what_it_is_and_gave(
    line: str, text: str, expected: tuple[str, str, Any] | None
) -> None:
    head = (
        "class np:\n    class _C:\n        def __getitem__(self, key): return key\n    c_ = _C()\n"
    )
    assert noted(f"{head}a, b, x = 2, 3, [5, 6]\n{line}").get(text) == expected


def test_operands_targets_and_scopes_are_those_of_the_line() -> None:
    source = "class A:\n    def f(self, v):\n        w = v @ self.k\n        return w\nresult = 0\n"
    noting = Noting(source)
    maker = Instrument(noting)
    maker.visit(ast.parse(source))
    product = next(node for node in noting.nodes if node.operator == "MatMult")
    assert [noting.nodes[child].text for child in product.children] == ["v", "self.k"]
    assert (product.target, product.scope, product.line) == ("w", "A.f", 3)
    assert [node.target for node in noting.nodes if node.text == "w"] == ["return"]
    assert maker.statements == [(3, 3), (4, 4), (5, 5)]
    zero = next(node for node in noting.nodes if node.kind == "Constant")
    assert zero.constant == 0.0
    assert SourceNode(*zero.to_json()) == zero


def test_of_a_call_on_axes_only_the_operand_is_an_operand() -> None:
    noting = Noting("s = v.sum(axis=0, keepdims=True)\nt = f(v, where=w)\n")
    Instrument(noting).visit(ast.parse(noting.source))
    first, second = (node for node in noting.nodes if node.kind == "Call")
    assert [noting.nodes[child].text for child in first.children] == ["v"]
    assert [noting.nodes[child].text for child in second.children] == ["v", "w"]


def test_lines_are_counted_as_python_does() -> None:
    assert lines_of("a\r\nb\rc\x0cd\ne") == ["a", "b", "c\x0cd", "e"]


def test_a_loop_is_left_whichever_way_it_ends() -> None:
    left: list[int] = []
    watch = Watch()
    watch.left = lambda number, nothing: left.append(number)  # type: ignore[method-assign]
    source = (
        "def f():\n    for i in [1]:\n        return i\n"
        "for i in [1]:\n    break\n"
        "try:\n    for i in [1]:\n        raise ValueError\nexcept ValueError:\n    pass\n"
        "while False:\n    pass\n"
        "result = f()\n"
    )
    assert run(source, watch)[0] == 1
    assert left == [1, 2, 3, 0]
