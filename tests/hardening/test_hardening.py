"""The attacks themselves: they see what is broken, and a failure comes again."""

import random
from pathlib import Path

import pytest

from tests.hardening import storm
from tests.hardening.__main__ import attacks, main
from tests.hardening.attack import MAX_FAILURES, Attack, carry_out


def breaks_sometimes(chance: random.Random, folder: Path) -> str | None:
    assert folder.is_dir()
    return "it broke" if chance.random() < 0.3 else None


def raises(chance: random.Random, folder: Path) -> str | None:
    raise ZeroDivisionError


def test_a_failure_is_told_with_the_line_that_repeats_it() -> None:
    attack, told = Attack("some", "words", 1, 1, breaks_sometimes), list[str]()
    outcome = carry_out(attack, 5, range(200), told.append)
    assert outcome.failed == MAX_FAILURES == len(told)
    for text in told:
        case = int(text.split("--case ")[1])
        assert f"--only some --seed 5 --case {case}" in text
        assert attack.case(5, case) == "it broke"


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
@pytest.mark.parametrize("name", [attack.name for attack in attacks()])
def test_every_attack_can_be_carried_out_alone(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--only", name, "--seed", "1", "--case", "2"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("seed 1\n")
    assert "1 cases   0 failed" in said
