"""What `train` says of points: how many there are, and how many are right, tested ones apart."""

import json
import re

import pytest

from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

COMMAND = ["train", "--problem", "moons", "--points", "40", "--steps", "30", "--every", "10"]
TESTED = Recipe(problem="moons", points=40, test=0.25)


@pytest.fixture
def end() -> Trainer:
    trainer = Trainer(TESTED)
    trainer.seek(30)
    return trainer


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main([*COMMAND, *arguments])
    return capsys.readouterr().out


def test_text_counts_the_points_trained_on_and_those_set_aside(
    capsys: pytest.CaptureFixture[str], end: Trainer
) -> None:
    text, snapshot = printed(capsys, "--test", "0.25"), end.snapshot()
    held_out = snapshot.held_out
    assert held_out is not None
    right = int(((snapshot.outputs > 0.5) == (snapshot.labels > 0.5)).sum())
    assert "\n30 training points, 10 test points\n" in text
    assert f"right: {right} of 30 training points; {int(held_out.right.sum())} of 10 test" in text
    assert f"test loss {held_out.loss!r}\n" in text
    assert len(re.findall(r"^step .* loss .* test loss ", text, re.MULTILINE)) == 3
    assert "bits" not in text


def test_where_none_are_set_aside_none_are_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--test", "0")
    assert "right: " in text
    assert "of 40 training points\n" in text
    assert "test loss" not in text


def test_json_has_the_points_set_aside_to_the_bit(
    capsys: pytest.CaptureFixture[str], end: Trainer
) -> None:
    data = json.loads(printed(capsys, "--test", "0.25", "--format", "json"))
    held_out = end.snapshot().held_out
    assert held_out is not None
    assert data["test"]["loss"] == held_out.loss
    assert data["test"]["points"] == 10
    assert data["test"]["right"] == int(held_out.right.sum())
    assert [row[0] for row in data["test"]["outputs"]] == held_out.outputs.tolist()
    assert all("test_loss" in item for item in data["losses"])


def test_csv_has_a_column_for_the_test_loss(capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows = printed(capsys, "--test", "0.25", "--format", "csv").splitlines()
    assert head == "step,loss,test_loss"
    assert [len(row.split(",")) for row in rows] == [3, 3, 3]
