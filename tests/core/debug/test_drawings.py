"""What a script gets in place of a plotting library: it takes everything, and draws nothing."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from xortui.core.debug import drawings
from xortui.core.debug.drawings import Nothing

SCRIPT = """
import matplotlib.pyplot as plt
import seaborn, tkinter.ttk, mpl_toolkits.mplot3d.axes3d
from matplotlib import cm, colors
from matplotlib.animation import *
from plotly.graph_objects import Figure

figure, axes = plt.subplots(1, 2, figsize=(8, 4))
(first, second), third = plt.subplots(), 1
axes[0].plot([1, 2], cm.viridis(0.5))[0].set_data([], [])
axes[0, 1] = figure
drawn = [line for line in axes.lines]
with plt.style.context("dark"), Figure() as shown:
    plt.show()
if plt.isinteractive():
    raise SystemExit
size = 2 * figure.get_size_inches() / 3 - 1 + len(axes)

@plt.FuncFormatter
def label(value):
    return f"{value:.1f}"

@plt.rc_context(fast=True)
def update(frame):
    return 3

left = label(0.25), drawn, len(axes)
"""


def plotting_modules() -> dict[str, ModuleType]:
    return {
        name: module
        for name, module in sys.modules.items()
        if name.split(".")[0] in drawings.PLOTTING
    }


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = plotting_modules()
    for name in before:
        del sys.modules[name]
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    drawings.install()
    yield
    for name in plotting_modules():
        del sys.modules[name]
    sys.modules.update(before)


@pytest.mark.usefixtures("_installed")
def test_a_script_that_draws_goes_on_to_its_end() -> None:
    names: dict[str, object] = {}
    exec(compile(SCRIPT, "script.py", "exec"), names)
    assert names["left"] == ("0.2", [], 0)
    for name in ("figure", "axes", "first", "second", "size", "shown"):
        assert isinstance(names[name], Nothing), name


@pytest.mark.usefixtures("_installed")
def test_only_plotting_libraries_are_nothing() -> None:
    assert isinstance(importlib.import_module("pylab").figure, Nothing)
    assert not isinstance(importlib.import_module("json").dumps, Nothing)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("matplot")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_it_is_as_many_things_as_there_are_names_for(count: int) -> None:
    names: dict[str, object] = {"nothing": Nothing()}
    exec(f"{'a, ' * count} = nothing", names)
    assert isinstance(names["a"], Nothing)


@pytest.mark.usefixtures("_installed")
def test_it_has_no_secret_names_for_which_others_ask() -> None:
    for name in ("__array__", "__deepcopy__", "__file__"):
        assert not hasattr(Nothing(), name)
        assert not hasattr(importlib.import_module("pylab"), name)
    assert not Nothing()
