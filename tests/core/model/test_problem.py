"""Truth tables: what the labels mean, and what is not a problem."""

from collections.abc import Callable

import pytest

from xortui.core.model.problem import GATES, find_problem

# Each gate said in words, not by its table.
MEANINGS: dict[str, Callable[[bool, bool], bool]] = {
    "xor": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "nand": lambda a, b: not (a and b),
    "nor": lambda a, b: not (a or b),
    "xnor": lambda a, b: a == b,
    "implies": lambda a, b: b if a else True,
    "implied-by": lambda a, b: a if b else True,
    "x1-only": lambda a, b: a and not b,
    "x2-only": lambda a, b: b and not a,
    "x1": lambda a, b: a,
    "x2": lambda a, b: b,
    "not-x1": lambda a, b: not a,
    "not-x2": lambda a, b: not b,
    "false": lambda a, b: False,
    "true": lambda a, b: True,
}


def test_xor_is_the_reference_table() -> None:
    problem = find_problem("xor")
    assert problem.bits == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert problem.labels == (0, 1, 1, 0)


@pytest.mark.parametrize("name", GATES)
def test_gate_does_what_its_name_says(name: str) -> None:
    problem = find_problem(name)
    assert problem.inputs == 2
    for (a, b), label in zip(problem.bits, problem.labels, strict=True):
        assert label == MEANINGS[name](bool(a), bool(b))


def test_the_gates_are_all_sixteen_functions_of_two_bits() -> None:
    assert {find_problem(name).labels for name in GATES} == {
        (a, b, c, d) for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)
    }


@pytest.mark.parametrize("bits", range(2, 9))
def test_parity_is_whether_an_odd_number_of_bits_is_set(bits: int) -> None:
    problem = find_problem(f"parity{bits}")
    assert problem.inputs == bits
    assert len(problem.bits) == len(problem.labels) == 2**bits
    for row, (pattern, label) in enumerate(zip(problem.bits, problem.labels, strict=True)):
        assert "".join(map(str, pattern)) == f"{row:0{bits}b}"  # counting order
        assert label == row.bit_count() % 2


def test_xor_is_two_bit_parity() -> None:
    xor, parity = find_problem("xor"), find_problem("parity2")
    assert (xor.bits, xor.labels) == (parity.bits, parity.labels)


@pytest.mark.parametrize("bits", range(2, 9))
def test_labels_written_out_are_a_problem(bits: int) -> None:
    text = ("0110100" * 40)[: 2**bits]
    problem = find_problem(text)
    assert "".join(map(str, problem.labels)) == text
    assert problem.bits == find_problem(f"parity{bits}").bits


@pytest.mark.parametrize(
    "name",
    [
        "",
        " xor",
        "XOR",
        "parity",
        "parity0",
        "parity1",
        "parity9",
        "parity10",
        "parity02",
        "parity２",  # a full-width digit
        "parity-2",
        "0",
        "01",
        "011",
        "01101",
        "0112",
        "01 10",
        "٠١١٠",  # Arabic-Indic digits
        "01" * 256,
        "nonsense",
    ],
)
def test_what_is_no_problem_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="there is no problem called") as caught:
        find_problem(name)
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("xor", "XOR"),
        ("nand", "NAND"),
        ("parity2", "2-bit parity"),
        ("parity8", "8-bit parity"),
        ("0111", "table 0111"),
        ("01" * 8, "table 0101010101010101"),
        ("01" * 16, "table 0101010101010..."),
    ],
)
def test_title_is_what_a_person_calls_it(name: str, title: str) -> None:
    assert find_problem(name).title == title
