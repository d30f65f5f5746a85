"""xortui record: which part of a run is shown, for how long, and what is complained of."""

import json
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile, write_run
from xortui.core.training.trainer import Trainer

SHORT = ["--fps", "1", "--seconds", "2", "--size", "80x24"]


def shown(path: Path) -> tuple[float, str]:
    """The duration and the title of an asciicast."""
    header = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    return header["duration"], header["title"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "title"),
    [
        ("", "XOR, step 0 to 2,418"),  # solved at 2,198, and a tenth
        ("--until solved --from 2000", "XOR, step 2,000 to 2,218"),
        ("--to 50", "XOR, step 0 to 50"),
        ("--from 20 --to 50 --problem and", "AND, step 20 to 50"),
        ("--from 3000", "XOR, step 3,000 to 13,000"),
        ("--lr 10", "XOR, step 0 to 255"),  # where it diverges
    ],
)
def test_the_part_of_the_run_that_is_shown(
    flags: str, title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.cast"
    assert main(["record", *flags.split(), *SHORT, "-o", str(path)]) == 0
    assert capsys.readouterr() == ("", ""), "the progress bar is for terminals"
    assert shown(path) == (2, f"xortui: {title}")


def test_a_saved_run_is_shown_with_its_edits(tmp_path: Path) -> None:
    saved = Trainer(Recipe())
    saved.step(30)
    saved.edit(Edit("label", 0))
    saved.step(30)
    run, path = tmp_path / "run.json", tmp_path / "a.cast"
    write_run(str(run), RunFile.of(saved))
    assert main(["record", str(run), "--to", "40", *SHORT, "-o", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert shown(path)[1] == "xortui: XOR, step 0 to 40"
    assert "rewound" not in text


@pytest.mark.parametrize(
    ("flags", "trouble"),
    [
        ("--until solved --seed 57", "not solved from step 0 to step 10000: give --to"),
        ("--until solved --from 3000", "is solved before step 3000"),
        ("--to 400 --lr 10", "there is no step 400: the run diverged at step 255"),
        ("--from 300 --lr 10", "there is no step 300: the run diverged at step 255"),
        ("--from 255 --lr 10", "there is no step after 255: the run diverged there"),
    ],
)
def test_where_the_run_never_gets_there(
    flags: str, trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.svg"
    assert main(["record", *flags.split(), "-o", str(path)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert trouble in err
    assert not path.exists()


@pytest.mark.slow
def test_the_usual_film_is_below_a_megabyte(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert main(["record", "-o", str(path)]) == 0
    assert 100_000 < path.stat().st_size < 1_000_000


@pytest.mark.slow
def test_the_same_film_is_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    assert [main(["record", *SHORT, "-o", str(path)]) for path in (first, second)] == [0, 0]
    assert first.read_bytes() == second.read_bytes()
