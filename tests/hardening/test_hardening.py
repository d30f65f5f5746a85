"""The attacks themselves: they see what is broken, and a failure comes again."""

import os
import random
from pathlib import Path

import pytest

from tests.hardening import storm
from tests.hardening.__main__ import attacks, main
from tests.hardening.attack import MAX_FAILURES, Attack, carry_out
from tests.sample import some


def breaks_sometimes(chance: random.Random, folder: Path) -> str | None:
    assert folder.is_dir()
    return "it broke" if chance.random() < 0.3 else None


def breaks_rarely(chance: random.Random, folder: Path) -> str | None:
    return "it broke" if chance.random() < 0.03 else None


def raises(chance: random.Random, folder: Path) -> str | None:
    raise ZeroDivisionError


def test_a_failure_is_told_with_the_line_that_repeats_it() -> None:
    attack, told = Attack("some", "words", 1, 1, breaks_sometimes), list[str]()
    outcome = carry_out(attack, 5, range(200), told.append)
    assert outcome.failed == MAX_FAILURES == len(told)
    assert outcome.cases < 200, "those after the last failure were not tried"
    for text in told:
        case = int(text.split("--case ")[1])
        assert f"--only some --seed 5 --case {case}" in text
        assert attack.case(5, case) == "it broke"


@pytest.mark.skipif(os.name != "posix", reason="processes are forked")
def test_several_processes_find_the_same_failures() -> None:
    attack, alone, together = Attack("some", "words", 1, 1, breaks_rarely), list[str](), list[str]()
    carry_out(attack, 5, range(100), alone.append)
    outcome = carry_out(attack, 5, range(100), together.append, jobs=2)
    assert sorted(together) == sorted(alone)
    assert (outcome.cases, outcome.failed) == (100, len(alone))
    assert 0 < len(alone) < MAX_FAILURES


def test_an_exception_is_a_failure() -> None:
    wrong = Attack("some", "words", 1, 1, raises).case(0, 0)
    assert wrong is not None
    assert "ZeroDivisionError" in wrong


def test_another_seed_makes_other_cases() -> None:
    attack = Attack("some", "words", 1, 1, breaks_sometimes)
    results = {seed: [attack.case(seed, case) for case in range(40)] for seed in (1, 2)}
    assert results[1] != results[2]


def test_storms_cover_small_and_large_windows() -> None:
    sizes = [storm.size(random.Random(seed)) for seed in range(2000)]
    assert (1, 1) in sizes
    assert max(columns for columns, _ in sizes) == 300
    assert max(lines for _, lines in sizes) == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", some([attack.name for attack in attacks()], 2))
def test_every_attack_can_be_carried_out_alone(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--only", name, "--seed", "1", "--case", "2"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("seed 1\n")
    assert "1 cases   0 failed" in said
