"""Who imports whom: only downwards, and never in a circle.

Every import counts: when a module is loaded, inside a function, or only for types.
"""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import xortui

ROOT = Path(xortui.__file__).parent.parent

# The rooms of the house from the ground up. A module imports from its own room and from lower ones;
# those that share a floor do not know one another.
FLOORS = (
    ("xortui",),
    ("xortui.core.text", "xortui.core.files"),
    ("xortui.core.model", "xortui.exit_codes"),
    ("xortui.core.training",),
    ("xortui.core.analysis",),
    ("xortui.core.explain", "xortui.core.export", "xortui.core.sweep", "xortui.core.debug"),
    ("xortui.core.lessons",),
    ("xortui.reports", "xortui.autosave", "xortui.tui.terminal"),
    ("xortui.tui",),
    ("xortui.commands",),
    ("xortui.cli",),
    ("xortui.__main__",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted((ROOT / "xortui").rglob("*.py"))}


def imports_in(source: str, modules: set[str]) -> set[str]:
    """Which of these modules a source imports; `from folder import module` is of the module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & modules
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & modules
            if inner - modules and node.module in modules:
                found.add(node.module)
    return found


def room_of(module: str) -> str:
    return max((room for room in FLOOR_OF if f"{module}.".startswith(f"{room}.")), key=len)


def is_downwards(importer: str, imported: str) -> bool:
    here, there = room_of(importer), room_of(imported)
    return here == there or FLOOR_OF[there] < FLOOR_OF[here]


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports of the others."""
    return {
        module: imports_in(path.read_text(encoding="utf-8"), set(FILES) - {module})
        for module, path in FILES.items()
    }


@pytest.mark.slow
def test_the_graph_is_that_of_the_package() -> None:
    assert {room_of(module) for module in FILES} >= set(FLOOR_OF)
    assert "xortui.core.model.operation" in imports()["xortui.core.model.network"]
    assert sum(map(len, imports().values())) > 500


def test_the_readme_has_the_picture_of_this_house() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = readme[readme.index("The house, from the roof down") :].split("\n\n")[1].split("\n")
    floors = [tuple(re.split(r"\s{2,}", line.strip())[0].split(", ")) for line in lines]
    assert [tuple(f"xortui.{room}" for room in floor) for floor in reversed(floors)] == list(
        FLOORS[1:]
    )


def test_no_import_comes_round_to_where_it_began() -> None:
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


# The package itself offers `xortui.debug`, and imports what that needs when it is called.
def test_a_module_imports_only_from_its_own_room_and_from_lower_ones() -> None:
    upwards = [
        (module, name)
        for module in FILES
        if module != "xortui"
        for name in imports()[module]
        if not is_downwards(module, name)
    ]
    assert not upwards


@pytest.mark.parametrize(
    "source",
    [
        "import xortui.core.model.recipe",
        "from xortui.core.model.recipe import Recipe",
        "from xortui.core.model import recipe",
        "def f():\n    from xortui.core.model.recipe import Recipe",
        "if TYPE_CHECKING:\n    from xortui.core.model.recipe import Recipe",
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str) -> None:
    assert imports_in(source, set(FILES)) == {"xortui.core.model.recipe"}


def test_arrows_upwards_and_sideways_are_told_from_those_downwards() -> None:
    assert is_downwards("xortui.tui.app", "xortui.core.model.recipe")
    assert is_downwards("xortui.core.model.step", "xortui.core.model.recipe")
    assert not is_downwards("xortui.core.model.recipe", "xortui.tui.app")
    assert not is_downwards("xortui.core.training.trainer", "xortui.core.analysis.stuck")
    assert not is_downwards("xortui.core.explain.cell", "xortui.core.sweep.plan")
    assert not is_downwards("xortui.tui.terminal.app", "xortui.tui.app")


# What every command has, and every program.
OF_EVERY_COMMAND = {"COMMAND", "add_options", "run", "main"}


def public_names(tree: ast.Module) -> set[str]:
    """The classes, functions and types that a module defines; type variables are nobody's."""
    names = {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name for name in names if not name.startswith("_")} - OF_EVERY_COMMAND


@pytest.mark.slow
def test_two_things_never_share_a_name() -> None:
    """What is said of a class or a function is then said of one of them."""
    where: dict[str, list[str]] = {}
    for module, path in FILES.items():
        for name in public_names(ast.parse(path.read_text(encoding="utf-8"))):
            where.setdefault(name, []).append(module)
    assert where["Network"] == ["xortui.core.model.network"]
    assert {name: found for name, found in where.items() if len(found) > 1} == {}
