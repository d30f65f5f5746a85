"""xortui learn: the list, a lesson, the course, a lesson of one's own, and bugs."""

import json
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.exit_codes import BAD_FILE

OWN = """
title = "My lesson"
aim = "You can read it."
[[card]]
say = "The loss is {loss}."
ask = "Which sign has it?"
task = "sign"
answer = "loss"
"""


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["learn", *arguments]) == 0
    return capsys.readouterr().out


def test_without_a_lesson_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = out(capsys)
    assert listed == out(capsys, "--list")
    assert " 12  Break it and find it" in listed
    assert len(json.loads(out(capsys, "--format", "json"))["lessons"]) == 13


def test_a_worksheet_and_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = out(capsys, "4", "--seed", "7")
    assert "The numbers are those of seed 7." in sheet
    assert "Answer: ______" in sheet
    key = out(capsys, "4", "--seed", "7", "--answers")
    assert "Answer: ______" not in key
    assert key.count("Answer: ") == 6


@pytest.mark.slow
def test_the_whole_course_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "all", "--format", "markdown")
    heads = [line for line in text.splitlines() if line.startswith("# ")]
    assert [head.partition(":")[0] for head in heads] == [f"# Lesson {n}" for n in range(1, 14)]


def test_a_lesson_of_ones_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(OWN)
    assert "The loss is 0.1445." in out(capsys, "my.toml")
    assert "Answer: +" in out(capsys, "my.toml", "--answers")
    assert out(capsys, "my.toml", "-o", "sheet.txt") == ""
    assert "My lesson" in Path("sheet.txt").read_text(encoding="utf-8")
    assert main(["learn", "my.toml", "-o", "my.toml"]) == 2
    assert Path("my.toml").read_text() == OWN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            OWN.replace('"loss"', '"los"'),
            'cannot use my.toml: card 1: there is no number called "los"',
        ),
        (OWN.replace("say =", "sai ="), "cannot use my.toml: card 1 say: is missing"),
        ("[[", "cannot use my.toml: this is no TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence_with_the_place(
    text: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(text)
    assert main(["learn", "my.toml"]) == BAD_FILE
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_bug_of_a_seed_and_one_of_any(capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, "--bug", "--seed", "5") == out(capsys, "--bug", "--seed", "5")
    assert "Answer: h" in out(capsys, "--bug", "--seed", "5", "--answers", "--level", "check")
    assert main(["learn", "--bug"]) == 0
    said = capsys.readouterr()
    assert "--answers" in said.err
    command = said.err.split("xortui learn ")[1].split()
    assert said.out == out(capsys, *(part for part in command if part != "--answers"))
