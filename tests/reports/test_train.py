"""What `check` says of mistakes made on purpose, and the history that `train` writes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.core.model.mistakes import MISTAKES
from xortui.core.training.kernel import Chunk
from xortui.core.training.trainer import Trainer

NEEDS = {"no-bias-gradient": ["--bias"]}


@pytest.mark.parametrize("name", MISTAKES)
def test_check_finds_gradient_errors_and_says_what_is_none(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--break", name, "--goto", "5", *NEEDS.get(name, [])])
    text, mistake = capsys.readouterr().out, MISTAKES[name]
    if not mistake.no_gradient_error:
        assert code == 1
        assert re.search(r"^gradients: \d of \d wrong(,|$)", text, re.MULTILINE)
    else:
        assert code == 0
        assert re.search(r"^gradients: (\d) of \1 right$", text, re.MULTILINE)
        assert mistake.no_gradient_error in text


def test_a_history_is_kept_of_the_very_run_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained = 0

    def run(
        self: Trainer, count: int, _run: Callable[..., Iterator[Chunk]] = Trainer.run
    ) -> Iterator[Chunk]:
        nonlocal trained
        for chunk in _run(self, count):
            trained += chunk.last - chunk.first
            yield chunk

    monkeypatch.setattr(Trainer, "run", run)
    path = tmp_path / "history.csv"
    main(["train", "--steps", "2000", "--every", "500", "--format", "csv", "--history", str(path)])
    assert trained == 2000
    printed = [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]
    kept = [line.split(",")[:2] for line in path.read_text().splitlines()[1:]]
    assert kept[:-1] == printed
