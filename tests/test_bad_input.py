"""Bad command lines: exit code 2 (3 for files), one line on stderr that names the trouble."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

ROOT = Path(__file__).parents[1]
LONG = "9" * 5000
ZEROS = "0" * 4301

# The command line and what the message has to name. Words that hold spaces are written as tuples.
USAGE: list[tuple[str | tuple[str, ...], str]] = [
    # the recipe
    ("train --problem nosuch", "nosuch"),
    ("train --problem parity9", "parity9"),
    ("train --problem parity1", "parity1"),
    ("train --problem parity", "parity"),
    ("train --problem 011", "011"),
    ("train --problem 0120", "0120"),
    (("train", "--problem", ""), "problem"),
    ("train --hidden 0", "hidden"),
    ("train --hidden 65", "65"),
    ("train --hidden -3", "-3"),
    ("train --hidden 2,2,2,2,2", "hidden"),
    ("train --hidden 2,,3", "2,,3"),
    ("train --hidden 2.5", "2.5"),
    ("train --hidden two", "two"),
    (("train", "--hidden", ""), "hidden"),
    ("train --hidden ٣", "hidden"),
    ("train --activation swish", "swish"),
    ("train --activation Sigmoid", "Sigmoid"),
    ("train --loss hinge", "hinge"),
    ("train --init random", "random"),
    ("train --seed -1", "-1"),
    ("train --seed 4294967296", "4294967296"),
    ("train --seed 1.5", "1.5"),
    ("train --seed 1_000", "1_000"),
    (f"train --seed {LONG}", "seed"),
    ("train --lr 0", "--lr"),
    ("train --lr -0.1", "-0.1"),
    ("train --lr nan", "nan"),
    ("train --lr inf", "inf"),
    ("train --lr 1e9", "1000000000"),
    ("train --lr 0,1", "0,1"),
    ("train --lr 1_0", "1_0"),
    (("train", "--lr", ""), "--lr"),
    ("train --break nosuch", "nosuch"),
    ("train --problem spiral --points 5", "5"),
    ("train --problem spiral --points 2e2", "2e2"),
    ("train --problem spiral --noise 2", "--noise"),
    ("train --problem spiral --test 0.9", "--test"),
    ("train --problem spiral --data-seed -1", "--data-seed"),
    ("train --problem spiral --standardise", "--standardise"),
    ("train --problem data", "--data FILE"),
    ("train --noise 0.1", "truth table"),
    ("train --problem spiral --points 2000 --hidden 64,64", "2,000,000"),
    ("explain --problem spiral --row 01", "1 to 140"),
    ("sweep --points 20", "truth table"),
    ("check --hidden 0", "hidden"),
    ("explain --activation swish", "swish"),
    ("snapshot --seed x -o a.svg", "seed"),
    ("export --as numpy --loss hinge", "hinge"),
    # numbers
    ("train --steps 0", "--steps"),
    ("train --steps -5", "--steps"),
    ("train --steps 1e4", "1e4"),
    ("train --steps 10.5", "10.5"),
    ("train --steps ten", "ten"),
    ("train --steps 1000000001", "1000000001"),
    (f"train --steps {LONG}", "--steps"),
    ("train --steps ١٠", "--steps"),
    ("train --steps 0000000000000000000199999999999999", "--steps"),
    (f"train --steps {ZEROS}1", "--steps"),
    (f"train --every {ZEROS}1", "--every"),
    (f"train --seed {ZEROS}1", "seed"),
    (f"train --hidden {ZEROS}2", "hidden"),
    (f"train --lr {ZEROS}1", "--lr"),
    (f"check --goto {ZEROS}1", "--goto"),
    (f"explain --row {ZEROS}1", "--row"),
    (f"snapshot --size {ZEROS}120x36 -o a.svg", "--size"),
    (f"snapshot --operation {ZEROS}1 -o a.svg", "--operation"),
    (f"sweep --seeds 0:{ZEROS}5", "seeds"),
    (f"sweep --steps {ZEROS}5", "--steps"),
    (f"sweep --hidden {ZEROS}2", "hidden"),
    ("explain run.json -o run.json", "run.json"),
    ("train run.json -o ./run.json", "run.json"),
    ("export --as numpy run.json -o run.json", "run.json"),
    ("train run.json --history run.csv -o run.csv", "run.csv"),
    (("train", "--steps", ""), "--steps"),
    ("train --every 0", "--every"),
    ("train --every -1", "--every"),
    ("train --every x", "--every"),
    (("train", "--every", ""), "--every"),
    ("check --goto -1", "--goto"),
    ("check --goto 1.0", "--goto"),
    ("--goto soon", "--goto"),
    ("explain --row 5", "--row"),
    ("explain --row 0", "--row"),
    ("explain --row 012", "--row"),
    ("explain --cells some", "--cells"),
    ("explain --why nothing", "--why"),
    ("learn 0", "the lesson"),
    ("learn 14", "from 1 to 13"),
    ("learn 1 --seed -1", "--seed"),
    ("learn 1 --format csv", "csv"),
    ("learn --list 1", "--list"),
    ("learn --answers", "--answers"),
    ("learn 1 --bug", "--bug"),
    ("learn 1 --level check", "--level"),
    ("learn --bug --level easy", "check, numbers, lines"),
    ("explain --why W1", "from W1[0,0] to W1[1,1]"),
    ("explain --why loss --row 01", "--row"),
    ("export --as torch --break no-derivative", "no-derivative"),
    ("export --as numpy --steps 0", "--steps"),
    ("sweep --seeds 5", "5"),
    ("sweep --seeds 9:3", "9:3"),
    ("sweep --seeds a:b", "a:b"),
    ("sweep --steps 0", "--steps"),
    ("sweep --lr 0.1,", "--lr"),
    ("sweep --seeds 0:10 --seed 3", "--seed"),
    # choices
    ("train --format xml", "xml"),
    ("check --format csv", "csv"),
    ("explain --format csv", "csv"),
    ("sweep --format markdown", "markdown"),
    ("export --as cobol", "cobol"),
    ("export", "--as"),
    ("--glyphs latin", "latin"),
    ("snapshot --size 120 -o a.svg", "120"),
    ("snapshot --size 10x3 -o a.svg", "10x3"),
    ("snapshot --size 9999x9999 -o a.svg", "9999x9999"),
    ("snapshot --size wide -o a.svg", "wide"),
    ("snapshot -o a.png", "a.png"),
    ("snapshot", "-o"),
    ("snapshot --view nosuch -o a.svg", "nosuch"),
    ("snapshot --theme nosuch -o a.svg", "nosuch"),
    ("snapshot --operation 99 -o a.svg", "99"),
    ("record", "-o"),
    ("record -o a.gif", "a.gif"),
    ("record --fps 0 -o a.svg", "--fps"),
    ("record --fps 31 -o a.svg", "30"),
    ("record --fps 2.5 -o a.svg", "2.5"),
    ("record --seconds 0 -o a.svg", "--seconds"),
    ("record --seconds 61 -o a.svg", "60"),
    ("record --size 10x3 -o a.svg", "10x3"),
    ("record --view nosuch -o a.svg", "nosuch"),
    ("record --view sweep -o a.svg", "sweep"),
    ("record --theme nosuch -o a.svg", "nosuch"),
    ("record --from x -o a.svg", "--from"),
    ("record --to 0 -o a.svg", "--to"),
    ("record --from 10 --to 10 -o a.svg", "from 11"),
    ("record --until dawn -o a.svg", "dawn"),
    ("record --until solved --to 10 -o a.svg", "--to"),
    ("train --history weights.txt", "weights.txt"),
    # flags and words that there are not
    ("--nosuch", "--nosuch"),
    ("train --learning-rate 0.1", "--learning-rate"),
    ("train --ste 5", "--ste"),
    ("train --steps", "--steps"),
    (("train", "--two\nlines"), "lines"),
    (("train", "--problem", "\x1b[31mred"), "[31mred"),
    ("train a.json b.json", "b.json"),
    ("check --steps 5", "--steps"),
    ("train --run", "--run"),
    ("train some.json --seed 3", "FILE"),
]

FILES: list[tuple[str | tuple[str, ...], str]] = [
    ("train missing.json", "missing.json"),
    ("check missing.json", "missing.json"),
    ("explain missing.json", "missing.json"),
    ("learn missing.toml", "missing.toml"),
    ("learn run.json", "this is no TOML"),
    ("export --as numpy missing.json", "missing.json"),
    ("snapshot missing.json -o a.svg", "missing.json"),
    ("record missing.json -o a.svg", "missing.json"),
    ("train .", "."),
    ("train empty.json", "empty.json"),
    ("train noise.json", "noise.json"),
    ("train list.json", "list.json"),
    ("train other.json", "other.json"),
    ("train deep.json", "deep.json"),
    ("train nested.json", "nested too deeply"),
    ("train some.json/x", "some.json/x"),
    (("train", "a\0b"), r"a\x00b"),
    (("train", "two\nlines"), r"two\nlines"),
    (("train", "\x1b[31mred"), r"\x1b[31mred"),
    (("train", "not\udcffutf8"), r"not\xffutf8"),
    ("train --data missing.csv", "missing.csv"),
    ("app --data noise.json", "noise.json: line 2 is not text in UTF-8"),
    ("sweep --data other.json", "other.json: it has 0 rows"),
    (("train", "--data", "\x1b[31mred"), r"\x1b[31mred"),
    ("train -o no/such/folder/a", "no/such/folder/a"),
    ("train -o .", "."),
    (("train", "-o", ""), "write"),
    (("train", "-o", "a\0b"), r"a\x00b"),
    ("snapshot -o no/such/folder/a.svg", "no/such/folder/a.svg"),
    ("record -o no/such/folder/a.svg", "no/such/folder/a.svg"),
    ("explain -o no/such/folder/a", "no/such/folder/a"),
    ("export --as torch -o no/such/folder/a", "no/such/folder/a"),
    ("sweep --seeds 0:2 --steps 5 -o no/such/folder/a", "no/such/folder/a"),
    ("train --steps 10 --history no/such/folder/a.npz", "no/such/folder/a.npz"),
]


def shown(line: object) -> str:
    """A short name for a command line."""
    return (line if isinstance(line, str) else repr(line))[:50]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder but for files that are not runs; we stand in it."""
    (tmp_path / "some.json").write_text("{}")
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "noise.json").write_bytes(bytes(range(256)))
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "other.json").write_text(json.dumps({"name": "another program's"}))
    (tmp_path / "deep.json").write_text("[" * 100_000)
    run = RunFile.of(Trainer(Recipe())).to_text()
    (tmp_path / "run.json").write_text(run)
    nested = run.replace('"xor"', "[" * 984 + "]" * 984)
    (tmp_path / "nested.json").write_text(nested)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaint(line: str | tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that has to fail; its one line on stderr."""
    assert main(line.split() if isinstance(line, str) else line) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("xortui: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert len(err) < 600, "nobody reads that much"
    assert err[:-1].isprintable()
    return err


@pytest.mark.parametrize(("line", "trouble"), USAGE, ids=shown)
def test_bad_usage_is_2(
    line: str | tuple[str, ...], trouble: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert trouble in complaint(line, 2, capsys)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("line", "trouble"), FILES, ids=shown)
def test_bad_files_are_3(
    line: str | tuple[str, ...], trouble: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    assert trouble in complaint(line, 3, capsys)
    assert sorted(folder.iterdir()) == before, "a file was left behind"


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "code"),
    [("train --lr nan", 2), ("train missing.json", 3), ("--nosuch", 2), ("check --goto x", 2)],
)
def test_the_process_ends_the_same(line: str, code: int, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xortui", *line.split()],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("xortui: ")
    assert done.stderr.count("\n") == 1
