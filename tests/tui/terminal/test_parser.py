"""What a terminal sends is never trusted: the parser goes on behind what makes no sense."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

if sys.platform == "win32":
    pytest.skip("there is no such driver", allow_module_level=True)

from tests.hardening.storm import NOISE
from xortui.tui.terminal.driver import SturdyParser

SOME_NOISE = st.lists(st.sampled_from(NOISE) | st.binary(max_size=20), max_size=20).map(b"".join)


def keys(parser: SturdyParser, text: str) -> list[str]:
    return [message.key for message in parser.take(text) if isinstance(message, events.Key)]


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[1114112u", "\x1b[999999999;5u", "\x1b[48;0;0;0;0t\x1b[<0;3;3M", "\ufffd", "\x1b[0;0;0u"],
)
def test_the_key_behind_it_is_heard(sequence: str) -> None:
    parser = SturdyParser()
    assert keys(parser, sequence + "\x1b[27u")[-1] == "escape"
    assert keys(parser, "q") == ["q"]


@given(SOME_NOISE)
def test_whatever_was_sent_ctrl_q_is_heard(noise: bytes) -> None:
    parser = SturdyParser()
    parser.take(noise.decode("utf-8", "replace"))
    assert keys(parser, "\x1b[201~\x11")[-1:] == ["ctrl+q"]
