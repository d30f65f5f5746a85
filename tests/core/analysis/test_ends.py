"""The one table of how a run stands, where it is shown."""

import subprocess
import sys
from textwrap import dedent

from xortui.core.analysis.ends import AT_REST, ENDS, KINDS, ends_text
from xortui.tui.sweep.sweep_pane import MARKS, STYLES_OF_KINDS


def test_every_kind_has_one_definition_a_mark_and_a_style() -> None:
    assert tuple(ENDS) == KINDS
    assert len(set(ENDS.values())) == len(set(MARKS.values())) == len(KINDS)
    assert set(MARKS) == set(STYLES_OF_KINDS) == set(KINDS)


def test_the_text_has_every_kind_and_fits_a_terminal_of_80_columns() -> None:
    text = ends_text()
    assert max(map(len, text.splitlines())) < 80
    words = " ".join(text.split())
    for kind, definition in ENDS.items():
        assert f"{kind} {definition}" in words
    assert words.endswith(AT_REST)


def test_the_help_of_the_sweep_prints_it_without_numpy() -> None:
    script = dedent(
        """
        import sys
        from xortui.cli import main
        try:
            main(["sweep", "--help"])
        except SystemExit:
            pass
        print("numpy" in sys.modules)
        """
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert ends_text() in ran.stdout
    assert ran.stdout.endswith("False\n")
