"""A script's syntax tree, changed so that every value it works out can be noted.

Every simple statement is doubled: `if watch.on: <with every expression noted> else: <as written>`.
So a window of the run is recorded, and the rest runs at nearly full speed. Only the standard
library is used, for the child process loads this before anything else.
"""

import ast
from dataclasses import dataclass, field
from typing import Any

# The recorder's name inside the script: found among the builtins, and never mangled in a class.
WATCH = "_xortui_watch_"


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


class Instrument(ast.NodeTransformer):
    """Makes the tree of a script into one that notes; `nodes` and `statements` say what is what."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = lines_of(source)
        self.nodes: list[SourceNode] = []
        self.statements: list[tuple[int, int]] = []  # first and last line
        self.loops: list[int] = []  # the line of each loop
        self._scope: list[str] = []
        self._statement = -1

    # -- statements --------------------------------------------------------------------------------

    def visit_Module(self, module: ast.Module) -> ast.Module:
        module.body = self._body(module.body, keep_head=True)
        return module

    def visit_FunctionDef(self, function: ast.FunctionDef) -> ast.AST:
        self._scope.append(function.name)
        function.body = self._body(function.body, keep_head=True)
        self._scope.pop()
        return function

    def visit_AsyncFunctionDef(self, function: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(function)  # type: ignore[arg-type]

    def visit_ClassDef(self, class_: ast.ClassDef) -> ast.AST:
        self._scope.append(class_.name)
        class_.body = self._body(class_.body, keep_head=True)
        self._scope.pop()
        return class_

    def _body(self, body: list[ast.stmt], keep_head: bool = False) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for place, statement in enumerate(body):
            head = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if place == 0 and isinstance(statement, ast.Expr):
                head = isinstance(statement.value, ast.Constant)
            if keep_head and head:
                result.append(statement)
            else:
                result += self._statement_of(statement)
        return result

    def _statement_of(self, statement: ast.stmt) -> list[ast.stmt]:
        if isinstance(statement, ast.For):
            return self._for(statement)
        if isinstance(statement, ast.While):
            return self._while(statement)
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)):
            return [self._doubled(statement)]
        for name in ("body", "orelse", "finalbody"):
            part = getattr(statement, name, None)
            if isinstance(part, list) and part:
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    visited = self.visit(statement)
                    return [visited]
                setattr(statement, name, self._body(part))
        for handler in getattr(statement, "handlers", []):
            handler.body = self._body(handler.body)
        for case in getattr(statement, "cases", []):
            case.body = self._body(case.body)
        return [statement]

    def _doubled(self, statement: Any) -> ast.stmt:
        if statement.value is None or (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, (ast.Await, ast.Yield, ast.YieldFrom))
        ):
            return statement  # type: ignore[no-any-return]
        self._statement = len(self.statements)
        self.statements.append((statement.lineno, statement.end_lineno or statement.lineno))
        plain = _copy(statement)
        plain.value = _Lambdas(self).visit(plain.value)
        noted: list[ast.stmt] = []
        target = _target_text(statement)
        text = ast.unparse(statement)
        value, number = self._noted(statement.value)
        if number is not None:
            self.nodes[number].target = target
        new = _copy(statement)
        new.value = value
        if isinstance(statement, ast.AugAssign):
            changed: ast.expr = statement.target
            if isinstance(changed, ast.Subscript) and not _is_simple(changed.slice):
                changed = changed.value
            noted = self._change(statement, new, number, changed, text)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
            noted = self._change(statement, new, number, statement.targets[0].value, text)
        else:
            noted = [new]
        test = ast.Attribute(ast.Name(WATCH, ast.Load()), "on", ast.Load())
        doubled = ast.If(test, noted, [plain])
        ast.copy_location(doubled, statement)
        ast.fix_missing_locations(doubled)
        return doubled

    def _change(
        self, statement: Any, new: ast.stmt, number: int | None, changed: ast.expr, text: str
    ) -> list[Any]:
        """`target op= value`, `target[i] = value`: what changes before it, and after it."""
        if not _is_simple(changed):
            return [new]
        before = _copy(changed)
        before.ctx = ast.Load()
        after = _copy(before)
        load, first = self._noted(before)
        whole = isinstance(statement, ast.AugAssign) and changed is statement.target
        operator = type(statement.op).__name__ if whole else "Set"
        node = self._node(after, "Change", operator)
        self.nodes[node].children = [
            -1 if first is None else first, number if number is not None else -1
        ]  # fmt: skip
        self.nodes[node].line = statement.lineno
        self.nodes[node].target = ast.unparse(changed)
        self.nodes[node].text = text
        note = ast.Expr(self._call("note", node, ast.copy_location(after, statement)))
        return [ast.copy_location(ast.Expr(load), statement), new, note]

    def _for(self, loop: ast.For) -> list[ast.stmt]:
        number = len(self.loops)
        self.loops.append(loop.lineno)
        loop.iter = self._call("loop", number, loop.iter)
        loop.body = self._body(loop.body)
        loop.orelse = self._body(loop.orelse)
        return [self._until_left(loop, number)]

    def _while(self, loop: ast.While) -> list[ast.stmt]:
        number = len(self.loops)
        self.loops.append(loop.lineno)
        tick = self._call("tick", number, ast.copy_location(ast.Constant(None), loop.test))
        loop.test = ast.copy_location(ast.BoolOp(ast.And(), [tick, loop.test]), loop.test)
        loop.body = self._body(loop.body)
        loop.orelse = self._body(loop.orelse)
        enter = ast.Expr(self._call("enter", number, ast.copy_location(ast.Constant(None), loop)))
        ast.copy_location(enter, loop)
        return [ast.fix_missing_locations(enter), self._until_left(loop, number)]

    def _until_left(self, loop: ast.stmt, number: int) -> ast.stmt:
        """The loop, and a note that it was left: by its end, a break, a return or an error."""
        left = ast.Expr(self._call("left", number, ast.copy_location(ast.Constant(None), loop)))
        whole = ast.Try([loop], [], [], [ast.copy_location(left, loop)])
        return ast.fix_missing_locations(ast.copy_location(whole, loop))

    # -- expressions -------------------------------------------------------------------------------

    def _noted(self, expression: ast.expr) -> tuple[ast.expr, int | None]:
        """The expression with its parts and itself noted, and the number of its node."""
        if isinstance(expression, ast.Constant):
            value = expression.value
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                node = self._node(expression, "Constant")
                self.nodes[node].constant = float(value)
                return expression, node
            return expression, None
        if isinstance(expression, ast.Lambda):
            return self._lambda(expression), None
        original = _copy(expression)
        kind = type(original).__name__
        children: list[int] = []
        operator = ""
        if isinstance(expression, ast.BinOp):
            operator = type(expression.op).__name__
            for name in ("left", "right"):
                part, child = self._noted(getattr(expression, name))
                setattr(expression, name, part)
                children.append(-1 if child is None else child)
        elif isinstance(expression, ast.UnaryOp):
            operator = type(expression.op).__name__
            expression.operand, child = self._noted(expression.operand)
            children = [-1 if child is None else child]
        elif isinstance(expression, ast.Call):
            operator, children = self._call_parts(expression)
        elif isinstance(expression, ast.Attribute):
            operator = expression.attr
            expression.value, child = self._noted(expression.value)
            children = [-1 if child is None else child]
        elif _joins_columns(expression):
            kind, operator = "Call", "column_stack"
            parts = [self._noted(part) for part in expression.slice.elts]  # type: ignore[attr-defined]
            expression.slice.elts = [part for part, _ in parts]  # type: ignore[attr-defined]
            children = [-1 if child is None else child for _, child in parts]
        elif isinstance(expression, ast.Subscript):
            expression.value, child = self._noted(expression.value)
            children = [-1 if child is None else child]
            if not isinstance(expression.slice, (ast.Slice, ast.Tuple)):
                expression.slice, child = self._noted(expression.slice)
                children.append(-1 if child is None else child)
        elif isinstance(expression, ast.IfExp):
            for name in ("test", "body", "orelse"):
                part, child = self._noted(getattr(expression, name))
                setattr(expression, name, part)
                if name != "test":
                    children.append(-1 if child is None else child)
        elif isinstance(expression, (ast.List, ast.Tuple)):
            parts = [self._noted(part) for part in expression.elts]
            expression.elts = [part for part, _ in parts]
            children = [-1 if child is None else child for _, child in parts]
        elif isinstance(expression, ast.Compare):
            expression.left, child = self._noted(expression.left)
            children = [-1 if child is None else child]
            parts = [self._noted(part) for part in expression.comparators]
            expression.comparators = [part for part, _ in parts]
            children += [-1 if child is None else child for _, child in parts]
            operator = type(expression.ops[0]).__name__
        elif isinstance(expression, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
            expression.elt, child = self._noted(expression.elt)
            children = [-1 if child is None else child]
        elif isinstance(expression, (ast.Starred, ast.NamedExpr)):
            expression.value, child = self._noted(expression.value)
            return expression, None
        if not isinstance(original, NOTED):
            return expression, None
        node = self._node(original, kind, operator, children)
        return self._call("note", node, expression), node

    def _call_parts(self, call: ast.Call) -> tuple[str, list[int]]:
        """A call's name and its operands: the object of a method first, then the arguments."""
        children = []
        operator = ""
        if len(call.args) == 1 and isinstance(call.func, ast.Name) and call.func.id == "sum":
            terms = call.args[0]
            if isinstance(terms, ast.GeneratorExp):  # of a list, the terms can be seen
                call.args[0] = ast.copy_location(ast.ListComp(terms.elt, terms.generators), terms)
        if isinstance(call.func, ast.Attribute):
            operator = call.func.attr
            call.func.value, child = self._noted(call.func.value)
            children.append(-1 if child is None else child)
        elif isinstance(call.func, ast.Name):
            operator = call.func.id
            if operator in ("super", "locals", "globals", "vars", "eval", "exec", "dir"):
                return operator, []
        for place, argument in enumerate(call.args):
            call.args[place], child = self._noted(argument)
            children.append(-1 if child is None else child)
        for keyword in call.keywords:
            keyword.value, child = self._noted(keyword.value)
            if keyword.arg not in ("axis", "keepdims", "dtype", "out", "deriv", "derivative"):
                children.append(-1 if child is None else child)
        return operator, children

    def _lambda(self, function: ast.Lambda) -> ast.Lambda:
        new: ast.Lambda = _copy(function)
        plain = _copy(function.body)
        self._scope.append("lambda")
        noted, _ = self._noted(new.body)
        self._scope.pop()
        test = ast.Attribute(ast.Name(WATCH, ast.Load()), "on", ast.Load())
        new.body = ast.copy_location(ast.IfExp(test, noted, plain), function.body)
        return ast.fix_missing_locations(new)

    def _node(
        self,
        expression: ast.expr,
        kind: str,
        operator: str = "",
        children: list[int] | None = None,
    ) -> int:
        text = self._text(expression)
        self.nodes.append(
            SourceNode(
                kind,
                expression.lineno,
                expression.col_offset,
                expression.end_lineno or expression.lineno,
                expression.end_col_offset or expression.col_offset,
                " ".join(text.split()),
                ".".join(self._scope),
                self._statement,
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

    def _call(self, name: str, number: int, value: ast.expr) -> ast.expr:
        function = ast.Attribute(ast.Name(WATCH, ast.Load()), name, ast.Load())
        call = ast.Call(function, [ast.Constant(number), value], [])
        ast.copy_location(call, value)
        return ast.fix_missing_locations(call)


class _Lambdas(ast.NodeTransformer):
    """Notes inside the lambdas of a statement that is otherwise left as written."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument

    def visit_Lambda(self, function: ast.Lambda) -> ast.AST:
        return self._instrument._lambda(function)


def _joins_columns(expression: ast.expr) -> bool:
    """Whether this is NumPy's `np.c_[a, b]`."""
    return (
        isinstance(expression, ast.Subscript)
        and isinstance(expression.value, ast.Attribute)
        and expression.value.attr == "c_"
        and isinstance(expression.slice, ast.Tuple)
    )


def _is_simple(expression: ast.expr) -> bool:
    """Whether it can be evaluated once more, and nothing happens."""
    return not any(isinstance(part, (ast.Call, ast.NamedExpr)) for part in ast.walk(expression))


def _target_text(statement: Any) -> str:
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return ast.unparse(statement.target)
    return "return" if isinstance(statement, ast.Return) else ""


def _copy(node: Any) -> Any:
    """A deep copy of a tree, positions included."""
    if isinstance(node, list):
        return [_copy(part) for part in node]
    if not isinstance(node, ast.AST):
        return node
    new = type(node)(**{name: _copy(value) for name, value in ast.iter_fields(node)})
    return ast.copy_location(new, node)
