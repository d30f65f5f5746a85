"""A step explained: any cell of an operation's result written out, and one row followed through."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.explain.arithmetic import (
    DIGITS,
    Binary,
    Cell,
    Node,
    Rest,
    Sum,
    cells_of,
    format_number,
    value_of,
    write,
    write_adding_up,
)
from xortui.core.explain.calculation import calculation_of
from xortui.core.model.functions import Array, namespace
from xortui.core.model.names import cell_name, row_name
from xortui.core.model.network import Result
from xortui.core.model.operation import Operation

MAX_TERMS = 8

Index = tuple[int, ...]

# What has a row of its own for each pattern; parameters and all that goes with them have none.
_WITH_ROWS = re.compile(r"X|Y|in_batch|losses|d?(?:yhat|[az]\d)")


@dataclass(frozen=True)
class Term:
    """One term of a written sum. `more` counts the terms that it stands for where it is the rest.

    `value` is what it adds to the sum, from unrounded numbers; `reads` the cells it is made of.
    """

    text: str
    value: float
    reads: tuple[Cell, ...]
    more: int = 0


@dataclass(frozen=True)
class Explanation:
    """One cell of an operation's result, written out.

    `text` is one line, such as
    `∂L/∂W₂[h₁→ŷ] = 0.5000·(+0.6315) + 0.5000·(-0.3685) = +0.1315`: `left`, `calculation` and
    `result_text`. The calculation with the digits that it shows gives the result in the digits that
    that shows. `terms` are those of its sum (before a division); what is no sum is one
    term. `reads` holds all cells that were read, by the array's name.
    """

    operation: Operation
    index: Index
    left: str
    calculation: str
    terms: tuple[Term, ...]
    result: float
    result_text: str
    reads: Mapping[str, frozenset[Index]]

    @property
    def text(self) -> str:
        """All of it on one line."""
        arrow = "←" if " ← " in self.operation.formula else "="
        if self.calculation.lstrip("+") == self.result_text.lstrip("+"):  # of one number
            return f"{self.left} {arrow} {self.result_text}"
        return f"{self.left} {arrow} {self.calculation} = {self.result_text}"


def explain_cell(
    result: Result, index: Sequence[int] = (), digits: int = DIGITS, most_terms: int = MAX_TERMS
) -> Explanation:
    """The cell at `index` of an operation's result, written out with its numbers plugged in.

    The result is shown in `digits` significant digits, the terms in as many as it takes to add up;
    of a sum over more than `most_terms` the rest is added up in one. Raises IndexError where there
    is no such cell.
    """
    place = tuple(index)
    shape = result.value.shape
    if len(place) != len(shape) or not all(0 <= at < n for at, n in zip(place, shape, strict=True)):
        raise IndexError(f"{result.operation.target} has no cell {list(place)}")
    node = calculation_of(result, place, most_terms)
    value = float(result.value[place])
    calculation, used = write_adding_up(node, value, digits)
    called = cell_name(result.recipe, result.operation.target, place)
    return Explanation(
        operation=result.operation,
        index=place,
        left=left_side(result.operation) + (f"[{called}]" if called else ""),
        calculation=calculation,
        terms=tuple(_term(term, used) for term in _terms(node)),
        result=value,
        result_text=format_number(value, digits, signed=True),
        reads=_by_name(cells_of(node)),
    )


def left_side(operation: Operation) -> str:
    """What the operation makes, as a person writes it: ∂L/∂W₂, ŷ, L."""
    return re.split(" [=←] ", operation.formula)[0]


def _terms(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Binary) and node.symbol == "/":
        return _terms(node.left)
    return node.terms if isinstance(node, Sum) else (node,)


def _term(node: Node, digits: int) -> Term:
    with np.errstate(all="ignore"):
        value, text = float(value_of(node)), write(node, digits).text
    more = len(node.terms) if isinstance(node, Rest) else 0
    return Term(text, value, tuple(cells_of(node)), more)


def _by_name(cells: Iterable[Cell]) -> dict[str, frozenset[Index]]:
    found: dict[str, set[Index]] = {}
    for cell in cells:
        found.setdefault(cell.name, set()).add(cell.index)
    return {name: frozenset(indices) for name, indices in found.items()}


@dataclass(frozen=True, eq=False)
class RowStep:
    """What an operation does for one row of the truth table.

    Where the operation makes one row for each pattern, `value` [units] is this one. Where it sums
    over the rows, `is_share` is set, and `value` is what this row adds: [inputs, outputs] to the
    gradient of weights, [units] to that of biases.
    """

    result: Result
    row: int
    value: Array
    is_share: bool

    def explain(
        self, index: Sequence[int], digits: int = DIGITS, most_terms: int = MAX_TERMS
    ) -> Explanation:
        """The cell at `index` of `value`, written out. Raises IndexError."""
        if not self.is_share:
            return explain_cell(self.result, (self.row, *index), digits, most_terms)
        explanation = explain_cell(
            replace(self.result, operands=_of_row(self.result, self.row), value=self.value),
            index,
            digits,
            most_terms,
        )
        terms = tuple(
            replace(term, reads=tuple(map(self._moved, term.reads))) for term in explanation.terms
        )
        return replace(
            explanation,
            left=f"share of {row_name(self.result.recipe, self.row)} in {explanation.left}",
            terms=terms,
            reads=_by_name(cell for term in terms for cell in term.reads),
        )

    def _moved(self, cell: Cell) -> Cell:
        """Where a cell that was read of the one row stands among all rows."""
        is_row = _has_rows(cell.name)
        return Cell(cell.name, (self.row, *cell.index[1:])) if is_row else cell


def follow_row(results: Iterable[Result], row: int) -> tuple[RowStep, ...]:
    """One row of the truth table (counted from 0) through forward, loss and backward.

    The shares of all rows add up to the gradients, but for rounding. Raises IndexError where there
    is no such row.
    """
    return tuple(_follow_row(results, row))


def _follow_row(results: Iterable[Result], row: int) -> Iterator[RowStep]:
    functions = namespace()
    for result in results:
        rows = [len(array) for name, array in result.operands.items() if _has_rows(name)]
        if not rows or result.value.ndim == 0:
            continue
        if not 0 <= row < rows[0]:
            raise IndexError(f"the truth table has no row {row}")
        is_share = not _has_rows(result.operation.target)
        value = result.value if is_share else result.value[row]
        if is_share:
            with np.errstate(all="ignore"):
                value = eval(result.operation.code, functions, _of_row(result, row))
            value.flags.writeable = False
        yield RowStep(result, row, value, is_share)


def _of_row(result: Result, row: int) -> dict[str, Array]:
    return {
        name: array[row : row + 1] if _has_rows(name) else array
        for name, array in result.operands.items()
    }


def _has_rows(name: str) -> bool:
    return bool(_WITH_ROWS.fullmatch(name))
