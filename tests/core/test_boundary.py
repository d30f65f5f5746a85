"""What the core must not do: load a user interface, print, read a clock."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import xortui.core

ROOT = Path(xortui.core.__file__).parents[2]
FILES = sorted(Path(xortui.core.__file__).parent.rglob("*.py"))
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES]


def loaded_after_importing(*modules: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after these imports."""
    code = "import importlib, json, sys\n"
    code += f"for name in {list(modules)!r}: importlib.import_module(name)\n"
    code += "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    command = [sys.executable, "-c", code]
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, text=True, timeout=60
    )
    assert found.stderr == ""
    return set(json.loads(found.stdout))


def test_every_folder_of_the_core_is_looked_at() -> None:
    folders = {name.split(".")[2] for name in MODULES if name.count(".") > 2}
    assert folders >= {"model", "training", "analysis", "explain", "export", "sweep", "text"}
    assert {"xortui.core.files", "xortui.core.model.network"} <= set(MODULES)


@pytest.mark.slow
def test_core_loads_neither_textual_nor_rich() -> None:
    loaded = loaded_after_importing(*(name.removesuffix(".__init__") for name in MODULES))
    assert "numpy" in loaded
    assert not loaded & {"textual", "rich"}


def test_recipe_and_problem_do_not_even_load_numpy() -> None:
    loaded = loaded_after_importing("xortui.core.model.problem", "xortui.core.model.recipe")
    assert not loaded & {"numpy", "textual", "rich"}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[MODULES.index(module)].read_text(encoding="utf-8"))


def imported(module: str) -> set[str]:
    """The top-level packages that a module names in any import, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.slow
def test_modules_import_only_numpy_the_standard_library_and_the_core() -> None:
    for module in MODULES:
        others = imported(module) - set(sys.stdlib_module_names)
        assert others <= {"numpy", "xortui"}, module
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xortui"):
                assert str(node.module).startswith("xortui.core."), module


def test_modules_print_nothing() -> None:
    for module in MODULES:
        names = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
        assert "print" not in names, module


# A time budget is all that a clock is read for: no number of a run depends on one.
WITH_A_BUDGET = {
    "xortui.core.debug.child",
    "xortui.core.training.trainer",
    "xortui.core.sweep.block",
    "xortui.core.sweep.estimate",
    "xortui.core.sweep.processes",
    "xortui.core.sweep.runner",
}


def test_a_module_with_a_budget_reads_a_clock() -> None:
    assert all("time" in imported(module) for module in WITH_A_BUDGET)


def test_other_modules_read_no_clock() -> None:
    for module in set(MODULES) - WITH_A_BUDGET:
        assert not imported(module) & {"time", "datetime"}, module
