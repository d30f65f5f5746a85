"""Completion, the manual page and the help, all from the tables of commands and options."""

import shutil
import subprocess

import pytest

from xortui import __version__
from xortui.cli import COMMANDS, EXAMPLES, main
from xortui.exit_codes import MEANINGS


def printed(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command line that only prints something prints."""
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    out, err = capsys.readouterr()
    assert (end.value.code or 0, err) == (0, "")
    assert isinstance(out, str)
    return out


class TestBash:
    @pytest.fixture
    def complete(self, capsys: pytest.CaptureFixture[str], tmp_path):  # type: ignore[no-untyped-def]
        bash = shutil.which("bash")
        if bash is None:
            pytest.skip("bash is not installed")
        script = printed("--completion bash", capsys)
        (tmp_path / "a run.json").touch()
        (tmp_path / "other.txt").touch()

        def ask(line: str) -> list[str]:
            """What bash offers at the end of a line."""
            words = line.split(" ")
            quoted = " ".join(f"'{word}'" for word in words)
            question = (
                f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _xortui; "
                'printf "%s\\n" "${COMPREPLY[@]}"'
            )
            done = subprocess.run(
                [bash, "--norc", "-c", question], capture_output=True, text=True, cwd=tmp_path
            )
            assert done.stderr == ""
            return [line for line in done.stdout.split("\n") if line]

        return ask

    def test_first_commands_and_files(self, complete) -> None:  # type: ignore[no-untyped-def]
        assert complete("xortui tr") == ["train"]
        assert set(complete("xortui ")) == {*COMMANDS, "a run.json", "other.txt"}
        assert complete("xortui a") == ["app", "a run.json"]

    def test_then_that_commands_options(self, complete) -> None:  # type: ignore[no-untyped-def]
        assert set(complete("xortui train --hi")) == {"--hidden", "--history"}
        assert complete("xortui sweep --se") == ["--seeds"]
        assert complete("xortui --se") == ["--seed"]
        assert complete("xortui --ver") == ["--version"]
        assert complete("xortui check --ver") == []

    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("train --format ", ["text", "json", "csv"]),
            ("check --format ", ["text", "json"]),
            ("--activation ", ["sigmoid", "tanh", "relu"]),
            ("sweep --activation s", ["sigmoid"]),
            ("explain --break wrong-", ["wrong-transpose", "wrong-sign"]),
            ("train --problem xo", ["xor"]),
            ("snapshot --glyphs ", ["unicode", "ascii"]),
            ("export --as n", ["numpy", "notebook"]),
            ("explain --cells ", ["first", "greatest", "all"]),
            ("record --until ", ["solved"]),
            ("--completion ", ["bash", "zsh", "fish"]),
            ("train --steps ", []),
            ("--hidden ", []),
        ],
    )
    def test_then_their_values(self, line, offered, complete) -> None:  # type: ignore[no-untyped-def]
        assert complete(f"xortui {line}") == offered

    def test_files_where_one_is_wanted(self, complete) -> None:  # type: ignore[no-untyped-def]
        assert complete("xortui train -o a") == ["a run.json"]
        assert complete("xortui debug o") == ["other.txt"]
        assert complete("xortui sweep o") == []


@pytest.mark.parametrize(
    ("shell", "check"), [("zsh", ["zsh", "-fn"]), ("fish", ["fish", "--no-execute"])]
)
def test_other_shells_can_read_theirs(
    shell: str, check: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    script = printed(f"--completion {shell}", capsys)
    for name in COMMANDS:
        assert name in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([*check, "/dev/stdin"], input=script, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tr", {"train"}),
        ("train --hi", {"--hidden", "--history"}),
        ("train --format ", {"text", "json", "csv"}),
        ("--activation ", {"sigmoid", "tanh", "relu"}),
        ("--completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_fish_offers(line: str, offered: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    script = printed("--completion fish", capsys) + f"complete -C 'xortui {line}'\n"
    done = subprocess.run(
        ["fish", "--no-config"], input=script, capture_output=True, text=True, check=True
    )
    assert {item.split("\t")[0] for item in done.stdout.splitlines()} >= offered


class TestManual:
    def test_it_has_every_command_option_and_exit_code(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = printed("--man", capsys)
        assert page.startswith(f'.TH XORTUI 1 "" "xortui {__version__}"')
        for name in COMMANDS:
            assert f"\n.SS {name}" in page
        for line, _ in EXAMPLES:
            assert f"\n.B {line}".replace("-", r"\-") in page
        for code in MEANINGS:
            assert f"\n.B {code}\n" in page
        for option in ("history", "seeds", "until", "break", "export-run"):
            assert "--" + option not in page  # a hyphen would be a dash
            assert rf"\-\-{option}".replace("t-r", r"t\-r") in page
        assert page.count(r"\-\-problem") == 1  # the recipe's options are said once

    @pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
    def test_man_reads_it_without_a_complaint(self, capsys: pytest.CaptureFixture[str]) -> None:
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", "-rLL=78n", "-P-cbou"],
            input=printed("--man", capsys),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        assert "xortui sweep [OPTIONS]" in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80


class TestHelp:
    @pytest.mark.parametrize("name", ["", *COMMANDS])
    @pytest.mark.parametrize("columns", ["80", "200"])
    def test_it_fits_80_columns(
        self,
        columns: str,
        name: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        assert max(map(len, printed(f"{name} --help", capsys).splitlines())) <= 80

    def test_examples_come_before_commands_and_options(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = printed("--help", capsys)
        places = [words.index(line) for line, _ in EXAMPLES]
        assert places == sorted(places)
        assert places[-1] < words.index("COMMAND\n") < words.index("options:")


def test_a_shell_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--completion", "tcsh"]) == 2
    assert "--completion cannot be 'tcsh'; allowed: bash, zsh, fish" in capsys.readouterr().err
