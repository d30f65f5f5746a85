"""A script's syntax tree, changed so that every value it works out can be noted.

Every simple statement is doubled: `if watch.on: <with every expression noted> else: <as written>`.
So a window of the run is recorded, and the rest runs at nearly full speed. Only the standard
library is used, for the child process loads this before anything else.
"""

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the child process has it from elsewhere
    from xortui.core.debug.noting import Noting


class Instrument(ast.NodeTransformer):
    """Makes the tree of a script into one that notes; says where statements and loops are."""

    def __init__(self, noting: "Noting") -> None:
        self._noting = noting
        self.statements: list[tuple[int, int]] = []  # first and last line
        self.loops: list[int] = []  # the line of each loop

    # -- statements --------------------------------------------------------------------------------

    def visit_Module(self, module: ast.Module) -> ast.Module:
        module.body = self._body(module.body, keep_head=True)
        return module

    def visit_FunctionDef(self, function: ast.FunctionDef) -> ast.AST:
        self._noting.scope.append(function.name)
        function.body = self._body(function.body, keep_head=True)
        self._noting.scope.pop()
        return function

    def visit_AsyncFunctionDef(self, function: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(function)  # type: ignore[arg-type]

    def visit_ClassDef(self, class_: ast.ClassDef) -> ast.AST:
        self._noting.scope.append(class_.name)
        class_.body = self._body(class_.body, keep_head=True)
        self._noting.scope.pop()
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
        self._noting.statement = len(self.statements)
        self.statements.append((statement.lineno, statement.end_lineno or statement.lineno))
        plain = self._noting.copied(statement)
        plain.value = self._noting.with_lambdas(statement.value)
        noted: list[ast.stmt] = []
        target = _target_text(statement)
        text = ast.unparse(statement)
        value, number = self._noting.noted(statement.value)
        if number >= 0:
            self._noting.nodes[number].target = target
        new = self._noting.copied(statement)
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
        doubled = ast.If(self._noting.is_on(), noted, [plain])
        ast.copy_location(doubled, statement)
        ast.fix_missing_locations(doubled)
        return doubled

    def _change(
        self, statement: Any, new: ast.stmt, number: int, changed: ast.expr, text: str
    ) -> list[Any]:
        """`target op= value`, `target[i] = value`: what changes before it, and after it."""
        if not _is_simple(changed):
            return [new]
        before = self._noting.copied(changed)
        before.ctx = ast.Load()
        after = self._noting.copied(before)
        load, first = self._noting.noted(before)
        whole = isinstance(statement, ast.AugAssign) and changed is statement.target
        operator = type(statement.op).__name__ if whole else "Set"
        number_of_change = self._noting.node(after, "Change", operator, [first, number])
        node = self._noting.nodes[number_of_change]
        node.line, node.target, node.text = statement.lineno, ast.unparse(changed), text
        value = ast.copy_location(after, statement)
        note = ast.Expr(self._noting.call("note", number_of_change, value))
        return [ast.copy_location(ast.Expr(load), statement), new, note]

    def _for(self, loop: ast.For) -> list[ast.stmt]:
        number = len(self.loops)
        self.loops.append(loop.lineno)
        loop.iter = self._noting.call("loop", number, loop.iter)
        loop.body = self._body(loop.body)
        loop.orelse = self._body(loop.orelse)
        return [self._until_left(loop, number)]

    def _while(self, loop: ast.While) -> list[ast.stmt]:
        number = len(self.loops)
        self.loops.append(loop.lineno)
        tick = self._noting.call("tick", number, _none_at(loop.test))
        loop.test = ast.copy_location(ast.BoolOp(ast.And(), [tick, loop.test]), loop.test)
        loop.body = self._body(loop.body)
        loop.orelse = self._body(loop.orelse)
        enter = ast.copy_location(
            ast.Expr(self._noting.call("enter", number, _none_at(loop))), loop
        )
        return [ast.fix_missing_locations(enter), self._until_left(loop, number)]

    def _until_left(self, loop: ast.stmt, number: int) -> ast.stmt:
        """The loop, and a note that it was left: by its end, a break, a return or an error."""
        left = ast.Expr(self._noting.call("left", number, _none_at(loop)))
        whole = ast.Try([loop], [], [], [ast.copy_location(left, loop)])
        return ast.fix_missing_locations(ast.copy_location(whole, loop))


def _none_at(place: ast.AST) -> ast.expr:
    """None, written where something else is."""
    none = ast.Constant(None)
    return ast.copy_location(none, place)


def _is_simple(expression: ast.expr) -> bool:
    """Whether it can be evaluated once more, and nothing happens."""
    return not any(isinstance(part, (ast.Call, ast.NamedExpr)) for part in ast.walk(expression))


def _target_text(statement: Any) -> str:
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return ast.unparse(statement.target)
    return "return" if isinstance(statement, ast.Return) else ""
