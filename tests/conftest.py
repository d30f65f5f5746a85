"""What every test stands on: no colours from outside, a state folder of its own, one Textual.

Property tests try the same examples in every run, so that a red run is red again and a green one
says the same everywhere; a sixth of the examples there are. By hand, all of them, and others:

    python -m pytest --hypothesis-profile=thorough
    python -m pytest --hypothesis-profile=random --hypothesis-seed=random
"""

import gc
import inspect
import os
import signal
import sys
from collections.abc import Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.sample import ALL_EXAMPLES
from xortui.core.debug import runner

# Both change every picture; gone before a test module imports Textual.
for _name in ("NO_COLOR", "TEXTUAL_THEME"):
    os.environ.pop(_name, None)

# Images of containers often forbid to keep what is compiled; then each process that a test starts
# would compile the whole program again, and each worker of pytest-xdist all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# In the background of some shells interrupts are ignored, by all that is started there, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Patch releases of Textual move pixels: pictures are compared with this one only.
PICTURES_MADE_WITH = "8.2.8"

# Objects until the garbage collector looks; an app makes so many that its own 700 cost a fifth.
COLLECT_AFTER = (20_000, 20, 50)

# Characters of a parameter that still name its test: workers send the names of all tests to the
# process that shares them out, and one of them had 8 MB.
LONGEST_NAME = 200

END_TO_END = Path(__file__).parent / "e2e"

# A busy machine is no failure, and no examples are kept.
settings.register_profile(
    "same",
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("same"), max_examples=ALL_EXAMPLES)
settings.register_profile("random", settings.get_profile("thorough"), derandomize=False)
settings.load_profile("same")


@pytest.fixture(scope="session")
def _state_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders that are not there yet: most tests never need one."""
    base = tmp_path_factory.mktemp("state")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_state_folder(_state_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves a kept run of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(next(_state_folders)))


@pytest.fixture(autouse=True, scope="session")
def _runs_of_scripts_are_measured() -> Iterator[None]:
    """With --cov; without it, the child process is what it is for everybody."""
    with pytest.MonkeyPatch.context() as patch:
        if "COVERAGE_PROCESS_CONFIG" in os.environ:
            patch.setattr(runner, "CHILD", Path(__file__).with_name("measured_child.py"))
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many end-to-end tests only wait."""
    return (os.cpu_count() or 1) + 1


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long text is named by how long it is."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{argname} of {len(val):,}"
    return None


def pytest_collection_finish() -> None:
    """The tests themselves stay: the garbage collector need not look at them for every app."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs the program as a process and what drives the app; skip the comparison of
    pictures where another Textual is installed."""
    for item in items:
        if END_TO_END in item.path.parents:
            item.add_marker(pytest.mark.e2e)
        is_driven = inspect.iscoroutinefunction(getattr(item, "function", None))
        if is_driven or "snap_compare" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pilot)
    installed = version("textual")
    if installed == PICTURES_MADE_WITH:
        return
    skip = pytest.mark.skip(
        reason=f"pictures were made with Textual {PICTURES_MADE_WITH}, not {installed}"
    )
    for item in items:
        if "snap_compare" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)
