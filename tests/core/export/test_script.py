"""An exported script trains the very run it was made from: the same bits, or within rounding."""

import contextlib
import importlib.util
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from tests.core.reference import LOSSES, STEPS, W_HIDDEN, W_OUTPUT, plain_run
from tests.sample import examples
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.functions import Array
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS
from xortui.core.model.tables import LOSSES as LOSS_FUNCTIONS
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.trainer import Trainer

Edits = tuple[tuple[int, Edit], ...]

EDITED = Recipe(problem="parity3", hidden=(3,), bias=True, init="symmetric", seed=5)
EDITS: Edits = (
    (0, Edit("weight", "W1[0,1]", -2.0)),
    (40, Edit("learning_rate", value=0.2)),
    (60, Edit("freeze", "W1[0,1]")),
    (60, Edit("freeze", "b2[0]")),
    (75, Edit("noise", 7, 0.1)),
    (90, Edit("label", 2)),
    (120, Edit("free", "W1[0,1]")),
)

# Runs each script named on its command line; prints its parameters, which JSON writes by repr.
DRIVER = """
import contextlib, io, json, runpy, sys
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        names = runpy.run_path(path)
    print(json.dumps({name: names[name].tolist() for name in names if name[1:].isdigit()
                      and name[0] in "Wb"}))
"""


def trained(recipe: Recipe, changes: Edits, steps: int) -> Trainer:
    trainer = Trainer(recipe)
    for step, edit in changes:
        trainer.seek(step)
        trainer.edit(edit)
    trainer.seek(steps)
    return trainer


def executed(source: str) -> dict[str, Array]:
    """Every name that a program leaves behind."""
    names: dict[str, Array] = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"), np.printoptions():
        exec(compile(source, "<exported>", "exec"), names)
    return names


def parameters(network: Network, names: dict[str, Array]) -> Array:
    return np.concatenate([np.asarray(names[name]).ravel() for name in network.shapes])


def same_bits(one: Array, other: Array) -> bool:
    """Whether all bits are equal; a NaN equals any NaN."""
    return bool(((one.view("u8") == other.view("u8")) | (np.isnan(one) & np.isnan(other))).all())


def run_scripts(folder: Path, sources: list[str]) -> list[dict[str, Array]]:
    """The parameters at the end of each script, run by a fresh interpreter."""
    paths = [folder / f"{number}.py" for number in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        path.write_text(source, encoding="ascii")
    command = [sys.executable, "-c", DRIVER, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [
        {name: np.array(value) for name, value in json.loads(line).items()}
        for line in done.stdout.splitlines()
    ]


def every_choice() -> list[Recipe]:
    """Every activation, loss and initialisation, biases and sizes among them."""
    return [
        Recipe(
            problem=problem,
            hidden=hidden,
            activation=activation,
            bias=bias,
            loss=loss,
            init=init,
            seed=seed,
            learning_rate=0.05,
        )
        for seed, (activation, loss, init, hidden, bias, problem) in enumerate(
            zip(
                tuple(ACTIVATIONS) * 4,
                tuple(LOSS_FUNCTIONS) * 6,
                (tuple(INITIALISERS) * 3)[:12],
                [(2,), (4, 3), (3, 2, 2, 3), (1,)] * 3,
                [False, True, True] * 4,
                ["xor", "parity3", "0111", "01101001"] * 3,
                strict=True,
            )
        )
    ]


# -- NumPy -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference_output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the default run's script prints."""
    path = tmp_path_factory.mktemp("export") / "xor.py"
    path.write_text(export_numpy(Recipe(), steps=STEPS), encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-W", "error", path], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_the_reference_script_prints_the_known_losses(reference_output: str) -> None:
    printed = dict(re.findall(r"step +(\d+)  loss (\S+)", reference_output))
    for step in (0, 5000):
        assert float(printed[str(step)]) == pytest.approx(LOSSES[step], rel=1e-12)
        assert float(printed[str(step)]) == plain_run().losses[step]


def test_the_reference_script_prints_the_known_weights_with_every_digit(
    reference_output: str,
) -> None:
    printed = np.array(re.findall(r"-?\d+\.\d+", reference_output.split("W1 =")[1]), dtype=float)
    known = np.concatenate([np.ravel(W_HIDDEN), np.ravel(W_OUTPUT)])
    np.testing.assert_allclose(printed, known, atol=1e-8)
    assert same_bits(printed, plain_run().weights[-1])


def test_the_reference_script_prints_the_predictions_and_that_it_is_solved(
    reference_output: str,
) -> None:
    rows = re.findall(r"^([01]) ([01]) -> +(\S+)  label ([01])$", reference_output, re.MULTILINE)
    assert [(int(a), int(b), int(label)) for a, b, _, label in rows] == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]
    assert all(abs(float(output) - int(label)) < 0.1 for *_, output, label in rows)
    assert "\nsolved\n" in reference_output


def test_a_script_says_that_a_run_is_not_solved(capsys: pytest.CaptureFixture[str]) -> None:
    exec(export_numpy(Recipe(), steps=10), {})
    assert "\nnot solved\n" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_script_stops_where_the_run_diverges(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = Recipe(learning_rate=100.0)
    names: dict[str, Array] = {}
    exec(export_numpy(recipe, steps=1000), names)
    trainer = trained(recipe, (), 1000)
    assert names["step"] == trainer.diverged_at == 92
    assert same_bits(parameters(Network(recipe), names), trainer.snapshot().parameters)
    printed = capsys.readouterr().out
    assert "diverged at step 92" in printed
    assert "not solved" in printed


@pytest.mark.slow
def test_scripts_run_by_themselves_give_the_bits_of_the_trainer(tmp_path: Path) -> None:
    runs: list[tuple[Recipe, Edits]] = [(recipe, ()) for recipe in every_choice()]
    runs += [(EDITED, EDITS), (Recipe(frozen=("W2[0,0]",)), ())]
    sources = [export_numpy(recipe, changes, 150) for recipe, changes in runs]
    for (recipe, changes), names in zip(runs, run_scripts(tmp_path, sources), strict=True):
        expected = trained(recipe, changes, 150).snapshot().parameters
        assert same_bits(parameters(Network(recipe), names), expected), in_words(recipe)


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_a_script_of_any_run_gives_the_bits_of_the_trainer(data: st.DataObject) -> None:
    recipe = data.draw(recipes())
    steps = data.draw(st.integers(0, 25))
    # A script has the same operations throughout: what changes them comes with the recipe only.
    kinds = ("mistake", "optimiser", "weight_decay", "l1", "batch", "schedule")
    change = edits(recipe).filter(lambda edit: edit.kind not in kinds)
    wanted = st.lists(st.tuples(st.integers(0, 25), change), max_size=4)
    trainer, changes = Trainer(recipe), []
    for step, edit in sorted(data.draw(wanted), key=lambda item: item[0]):
        trainer.seek(step)
        if trainer.step_number == step and not trainer.at_end:
            trainer.edit(edit)
            changes.append((step, edit))
    made = tuple(item for item in changes if item[0] <= steps)
    expected = trained(recipe, made, steps).snapshot()
    names = executed(export_numpy(recipe, changes, steps))
    assert names["step"] == expected.step
    assert same_bits(parameters(Network(recipe), names), expected.parameters)
    assert same_bits(names["yhat"], expected.values["yhat"])
    assert names["loss"] == expected.loss or np.isnan(expected.loss)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_script_makes_the_mistakes_of_its_recipe(mistake: str) -> None:
    recipe = Recipe(hidden=(3, 2), activation="tanh", bias=True, init="xavier", mistake=mistake)
    names = executed(export_numpy(recipe, steps=50))
    expected = trained(recipe, (), 50).snapshot().parameters
    right = trained(replace(recipe, mistake=None), (), 50).snapshot().parameters
    assert same_bits(parameters(Network(recipe), names), expected)
    assert not same_bits(expected, right)


def test_the_lines_of_a_script_are_the_operations_of_the_network() -> None:
    recipe = Recipe(hidden=(3, 2), activation="tanh", bias=True, loss="cross-entropy")
    lines = [line.split("  #")[0].strip() for line in export_numpy(recipe).splitlines()]
    for operation in Network(recipe).operations:
        assert f"{operation.target} = {operation.expression}" in lines


@pytest.mark.parametrize(
    "recipe",
    [
        *every_choice(),
        EDITED,
        *(Recipe(hidden=(3, 2), bias=True, mistake=mistake) for mistake in MISTAKES),
        Recipe(problem="01" * 128, hidden=(64,) * 4, bias=True, loss="cross-entropy"),
    ],
    ids=in_words,
)
def test_a_script_is_plain_ascii_in_lines_of_at_most_100(recipe: Recipe) -> None:
    for export in (export_numpy, export_torch):
        if export is export_torch and recipe.mistake not in (None, *MADE_WITH_TORCH):
            continue
        source = export(recipe, EDITS if recipe is EDITED else ())
        assert source.isascii()
        assert max(map(len, source.splitlines())) <= 100


def test_a_script_names_the_command_of_the_same_run() -> None:
    source = export_numpy(Recipe(hidden=(3,), seed=7), steps=500)
    assert "\n    xortui train --hidden 3 --seed 7 --steps 500\n" in source


def test_a_script_of_an_edited_run_names_no_command() -> None:
    assert "xortui train" not in export_numpy(EDITED, EDITS)


def test_what_was_changed_by_hand_is_called_by_its_ends_and_bits() -> None:
    source = export_numpy(EDITED, EDITS, steps=200)
    for line in (
        "W1[0, 1] = -2.0  # x1->h2",
        "free_W1[0, 1] = 0  # x1->h2",
        "free_b2[0] = 0  # p",
        "Y[2] = 1 - Y[2]  # row 010",
    ):
        assert line in source, source
    assert "free_W2[1, 0] = 0  # h2->p" in export_numpy(Recipe(frozen=("W2[1,0]",)))


def test_edits_past_the_last_step_are_left_out() -> None:
    assert export_numpy(EDITED, EDITS, steps=30) == export_numpy(EDITED, EDITS[:1], steps=30)


@pytest.mark.parametrize("export", [export_numpy, export_torch])
def test_an_edit_that_the_run_cannot_take_is_refused(export: Callable[..., str]) -> None:
    with pytest.raises(EditError):
        export(Recipe(), [(5, Edit("weight", "b1[0]", 1.0))])
    with pytest.raises(EditError, match="--break"):
        export(Recipe(), [(5, Edit("mistake", "wrong-sign"))])
    with pytest.raises(ValueError, match="steps"):
        export(Recipe(), steps=-1)


# -- PyTorch -----------------------------------------------------------------------------------


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_torch_scripts_agree_with_the_trainer_to_rounding(tmp_path: Path) -> None:
    runs: list[tuple[Recipe, Edits]] = [(recipe, ()) for recipe in every_choice()]
    runs += [(EDITED, EDITS), (Recipe(frozen=("W2[0,0]",)), ()), (Recipe(), ())]
    broken = Recipe(hidden=(3, 2), bias=True, init="symmetric", learning_rate=0.02)
    runs += [(replace(broken, mistake=mistake), ()) for mistake in MADE_WITH_TORCH]
    sources = [export_torch(recipe, changes, 400) for recipe, changes in runs]
    for (recipe, changes), names in zip(runs, run_scripts(tmp_path, sources), strict=True):
        expected = trained(recipe, changes, 400).snapshot().parameters
        found = parameters(Network(recipe), names)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=in_words(recipe))


MADE_WITH_TORCH = ("mean-for-sum", "no-bias-gradient", "wrong-sign", "equal-start")


@pytest.mark.parametrize("mistake", MADE_WITH_TORCH)
def test_a_torch_script_makes_the_mistakes_that_autograd_and_its_optimiser_can(
    mistake: str,
) -> None:
    source = export_torch(Recipe(hidden=(3, 2), bias=True, mistake=mistake))
    compile(source, "<exported>", "exec")
    assert source.count("# A mistake, on purpose. ") == 1
    line = {
        "mean-for-sum": "    loss.backward()",
        "no-bias-gradient": "optimiser = torch.optim.SGD([W1, W2, W3], lr=0.1)",
        "wrong-sign": "lr=0.1, maximize=True)",
        "equal-start": "np.full((2, 3), 0.5)",
    }[mistake]
    assert line in source


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name not in MADE_WITH_TORCH])
def test_a_mistake_that_autograd_cannot_make_is_refused(mistake: str) -> None:
    """A script that trains rightly would not be the same run."""
    with pytest.raises(ValueError, match=f"cannot make the mistake {mistake}; numpy and notebook"):
        export_torch(Recipe(hidden=(3, 2), bias=True, mistake=mistake))


def test_a_torch_script_leaves_the_backward_pass_to_autograd() -> None:
    source = export_torch(EDITED, EDITS)
    compile(source, "<exported>", "exec")
    assert "    L.backward()" in source
    assert "dW1" not in source
