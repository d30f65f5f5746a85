"""A script's expressions, changed so that every value they give can be noted.

Only the standard library is used, and no other module of this package: the child process loads
this by its path before anything else.
"""

import ast
from dataclasses import dataclass, field
from typing import Any

# The recorder's name inside the script: found among the builtins, and never mangled in a class.
WATCH = "_xortui_watch_"
NOTHING = -1  # the number of an operand that is not noted


@dataclass
class SourceNode:
    """An expression (or a changed target) of the script.

    `kind` is the class of syntax (`Name`, `BinOp`, `Call`, ...; `Change` for what an augmented
    assignment left behind); `operator` says which one it is (`Mult`, `dot`, ...). `children` are
    the numbers of the operands' nodes; `target` is what the statement stores this value in.
    """

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    scope: str
    statement: int
    operator: str = ""
    children: list[int] = field(default_factory=list)
    target: str = ""
    constant: float | None = None

    def to_json(self) -> list[Any]:
        return [getattr(self, name) for name in self.__dataclass_fields__]


NOTED = (
    ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Call, ast.IfExp, ast.List,
    ast.ListComp, ast.Tuple, ast.Compare,
)  # fmt: skip


def lines_of(source: str) -> list[str]:
    """The lines of a script as Python counts them: a form feed, say, ends none."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class Noting:
    """Makes expressions into ones that note themselves; `nodes` says what is what."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = lines_of(source)
        self.nodes: list[SourceNode] = []
        # Where the expressions stand that come next.
        self.scope: list[str] = []
        self.statement = -1

    def noted(self, expression: ast.expr) -> tuple[ast.expr, int]:
        """The expression with its parts and itself noted, and the number of its node."""
        if isinstance(expression, ast.Constant):
            return expression, self._constant(expression)
        if isinstance(expression, ast.Lambda):
            return self.lambda_(expression), NOTHING
        original = _copied(expression)
        kind, operator = type(expression).__name__, ""
        children: list[int] = []
        match expression:
            case ast.Subscript() if _joins_columns(expression):
                kind, operator = "Call", "column_stack"
                children = self._operands(expression.slice, "elts")
            case ast.BinOp():
                operator = type(expression.op).__name__
                children = self._operands(expression, "left", "right")
            case ast.UnaryOp():
                operator = type(expression.op).__name__
                children = self._operands(expression, "operand")
            case ast.Call():
                operator, children = self._call_parts(expression)
            case ast.Attribute():
                operator = expression.attr
                children = self._operands(expression, "value")
            case ast.Subscript(slice=ast.Slice() | ast.Tuple()):
                children = self._operands(expression, "value")
            case ast.Subscript():
                children = self._operands(expression, "value", "slice")
            case ast.IfExp():
                children = self._operands(expression, "test", "body", "orelse")[1:]
            case ast.List() | ast.Tuple():
                children = self._operands(expression, "elts")
            case ast.Compare():
                children = self._operands(expression, "left", "comparators")
                operator = type(expression.ops[0]).__name__
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                children = self._operands(expression, "elt")
            case ast.Starred() | ast.NamedExpr():
                self._operands(expression, "value")
        if not isinstance(original, NOTED):
            return expression, NOTHING
        node = self.node(original, kind, operator, children)
        return self.call("note", node, expression), node

    def _constant(self, constant: ast.Constant) -> int:
        value = constant.value
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return NOTHING
        node = self.node(constant, "Constant")
        self.nodes[node].constant = float(value)
        return node

    def _operands(self, owner: ast.AST, *names: str) -> list[int]:
        """Note these parts of an expression, each one or a list; the numbers of their nodes."""
        numbers = []
        for name in names:
            part = getattr(owner, name)
            if isinstance(part, list):
                for place, item in enumerate(part):
                    part[place], number = self.noted(item)
                    numbers.append(number)
            else:
                new, number = self.noted(part)
                setattr(owner, name, new)
                numbers.append(number)
        return numbers

    def _call_parts(self, call: ast.Call) -> tuple[str, list[int]]:
        """A call's name and its operands: the object of a method first, then the arguments."""
        children: list[int] = []
        operator = ""
        if len(call.args) == 1 and isinstance(call.func, ast.Name) and call.func.id == "sum":
            terms = call.args[0]
            if isinstance(terms, ast.GeneratorExp):  # of a list, the terms can be seen
                call.args[0] = ast.copy_location(ast.ListComp(terms.elt, terms.generators), terms)
        if isinstance(call.func, ast.Attribute):
            operator = call.func.attr
            children += self._operands(call.func, "value")
        elif isinstance(call.func, ast.Name):
            operator = call.func.id
            if operator in ("super", "locals", "globals", "vars", "eval", "exec", "dir"):
                return operator, []
        children += self._operands(call, "args")
        for keyword in call.keywords:
            given = self._operands(keyword, "value")
            if keyword.arg not in ("axis", "keepdims", "dtype", "out", "deriv", "derivative"):
                children += given
        return operator, children

    def with_lambdas(self, expression: ast.expr) -> ast.expr:
        """An expression left as written, but for the lambdas in it, which note."""
        new: ast.expr = _Lambdas(self).visit(_copied(expression))
        return new

    def lambda_(self, function: ast.Lambda) -> ast.Lambda:
        """A lambda that notes while the recorder is on."""
        new: ast.Lambda = _copied(function)
        plain = _copied(function.body)
        self.scope.append("lambda")
        noted, _ = self.noted(new.body)
        self.scope.pop()
        new.body = ast.copy_location(ast.IfExp(self.is_on(), noted, plain), function.body)
        return ast.fix_missing_locations(new)

    def node(
        self,
        expression: ast.expr,
        kind: str,
        operator: str = "",
        children: list[int] | None = None,
    ) -> int:
        """A new entry in `nodes` for an expression; its number."""
        text = self._text(expression)
        self.nodes.append(
            SourceNode(
                kind,
                expression.lineno,
                expression.col_offset,
                expression.end_lineno or expression.lineno,
                expression.end_col_offset or expression.col_offset,
                " ".join(text.split()),
                ".".join(self.scope),
                self.statement,
                operator,
                children or [],
            )
        )
        return len(self.nodes) - 1

    def _text(self, expression: ast.expr) -> str:
        """The expression as it was written (columns are counted in bytes of UTF-8)."""
        first, last = expression.lineno, expression.end_lineno or expression.lineno
        end = expression.end_col_offset or 0
        if first != last:
            return ast.get_source_segment(self.source, expression) or ast.unparse(expression)
        line = self.lines[first - 1].encode()
        return line[expression.col_offset : end].decode(errors="replace")

    def call(self, name: str, number: int, value: ast.expr) -> ast.expr:
        """A call of the recorder, which is given a number and a value."""
        function = ast.Attribute(ast.Name(WATCH, ast.Load()), name, ast.Load())
        call = ast.Call(function, [ast.Constant(number), value], [])
        ast.copy_location(call, value)
        return ast.fix_missing_locations(call)

    def is_on(self) -> ast.expr:
        """The expression that says whether the recorder is on."""
        return ast.Attribute(ast.Name(WATCH, ast.Load()), "on", ast.Load())

    @staticmethod
    def copied(node: Any) -> Any:
        """A deep copy of a tree, positions included."""
        return _copied(node)


class _Lambdas(ast.NodeTransformer):
    """Notes inside the lambdas of a statement that is otherwise left as written."""

    def __init__(self, noting: Noting) -> None:
        self._noting = noting

    def visit_Lambda(self, function: ast.Lambda) -> ast.AST:
        return self._noting.lambda_(function)


def _joins_columns(expression: ast.expr) -> bool:
    """Whether this is NumPy's `np.c_[a, b]`."""
    return (
        isinstance(expression, ast.Subscript)
        and isinstance(expression.value, ast.Attribute)
        and expression.value.attr == "c_"
        and isinstance(expression.slice, ast.Tuple)
    )


def _copied(node: Any) -> Any:
    if isinstance(node, list):
        return [_copied(part) for part in node]
    if not isinstance(node, ast.AST):
        return node
    new = type(node)(**{name: _copied(value) for name, value in ast.iter_fields(node)})
    return ast.copy_location(new, node)
