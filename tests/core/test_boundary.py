"""What the core must not do: load a user interface, print, read a clock."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import xortui.core

FOLDER = Path(xortui.core.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def loaded_after_importing(*modules: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after these imports."""
    code = "import importlib, json, sys\n"
    code += f"for name in {list(modules)!r}: importlib.import_module(name)\n"
    code += "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    command = [sys.executable, "-c", code]
    found = subprocess.run(
        command, cwd=FOLDER.parents[1], capture_output=True, check=True, text=True, timeout=60
    )
    assert found.stderr == ""
    return set(json.loads(found.stdout))


def test_core_loads_neither_textual_nor_rich() -> None:
    assert {"trainer", "network", "kernel", "recipe"} <= set(MODULES)
    loaded = loaded_after_importing(*(f"xortui.core.{name}" for name in MODULES))
    assert "numpy" in loaded
    assert not loaded & {"textual", "rich"}


def test_recipe_and_problem_do_not_even_load_numpy() -> None:
    loaded = loaded_after_importing("xortui.core.model.problem", "xortui.core.model.recipe")
    assert not loaded & {"numpy", "textual", "rich"}


def tree(module: str) -> ast.Module:
    return ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))


def imported(module: str) -> set[str]:
    """The top-level packages that a module names in any import, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_only_numpy_the_standard_library_and_the_core(module: str) -> None:
    others = imported(module) - set(sys.stdlib_module_names)
    assert others <= {"numpy", "xortui"}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xortui"):
            assert str(node.module).startswith("xortui.core.")


@pytest.mark.parametrize("module", MODULES)
def test_module_prints_nothing(module: str) -> None:
    names = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
    assert "print" not in names


# A time budget is all that a clock is read for: no number of a run depends on one.
WITH_A_BUDGET = {"trainer", "sweep", "sweep_block"}


@pytest.mark.parametrize("module", [name for name in MODULES if name not in WITH_A_BUDGET])
def test_module_reads_no_clock(module: str) -> None:
    assert not imported(module) & {"time", "datetime"}
