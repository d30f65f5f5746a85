"""A run as a script of its own: one page that trains this very recipe, with NumPy or PyTorch."""

from xortui.core.dialect import NUMPY, TORCH
from xortui.core.network import BACKWARD, FORWARD, LOSS, UPDATE
from xortui.core.program import (
    DEFAULT_STEPS,
    Edits,
    Lines,
    Program,
    comment,
    indented,
    wrapped,
)
from xortui.core.recipe import Recipe


def export_numpy(recipe: Recipe, edits: Edits = (), steps: int = DEFAULT_STEPS) -> str:
    """A NumPy script that trains the recipe for `steps` steps and prints how it went.

    `edits` are (step, edit). On this machine its weights are those of `Trainer` to the last bit, at
    the last step or at the one where the run diverges. Raises ValueError for a negative number of
    steps and EditError for an edit that the run cannot take.
    """
    program = Program(recipe, tuple(edits), steps, NUMPY)
    lines = [
        *_head(program, "plain NumPy"),
        *program.imports,
        *program.function_lines(),
        "",
        "# the truth table",
        *program.table(),
        "",
        "# the network: what is learned, and how fast",
        *program.start(),
        f"learning_rate = {recipe.learning_rate!r}",
        "",
        *numpy_loop(program),
        "",
        *program.result(),
    ]
    return "\n".join(lines) + "\n"


def numpy_loop(program: Program) -> Lines:
    """The training loop, every operation written out."""
    return [
        program.for_line,
        *indented(
            [
                *program.edit_lines(),
                *program.operations(FORWARD, LOSS),
                *program.watch(),
                "",
                *program.operations(BACKWARD, UPDATE),
            ]
        ),
    ]


def export_torch(recipe: Recipe, edits: Edits = (), steps: int = DEFAULT_STEPS) -> str:
    """A PyTorch script that trains the recipe: float64, autograd, plain gradient descent.

    Its starting weights are NumPy's own. It knows nothing of the network's backward pass, so its
    agreement (to rounding) with a run is a check of that run; a mistake that the recipe makes on
    purpose in its backward pass or update is not in it. Raises as `export_numpy` does.
    """
    program = Program(recipe, tuple(edits), steps, TORCH)
    names = ", ".join(program.network.shapes)
    loop = [
        *program.edit_lines(),
        *program.operations(FORWARD, LOSS),
        *program.watch(),
        "",
        *_without_mistake(program),
        "# backward pass: the gradient of the sum over the rows, not of the mean",
        "optimiser.zero_grad()",
        "losses.sum().backward()",
        *(f"{name}.grad *= free_{name}" for name in program.masked),
        "",
        "# update: a small step against the gradient",
        "optimiser.step()",
    ]
    lines = [
        *_head(program, "PyTorch"),
        *program.imports,
        "",
        "# the truth table",
        *program.table(),
        "",
        "# the network: what is learned, and how fast",
        *program.start(),
        f"optimiser = torch.optim.SGD([{names}], lr={recipe.learning_rate!r})",
        "",
        program.for_line,
        *indented(loop),
        "",
        *program.result(),
    ]
    return "\n".join(lines) + "\n"


def _without_mistake(program: Program) -> Lines:
    """A word on the recipe's mistake where autograd and the optimiser cannot make it."""
    if not any(operation.fault for operation in program.network.operations):
        return []
    mistake = program.recipe.mistake
    return comment(f"The recipe's mistake, {mistake}, is not made here: PyTorch makes none.")


def _head(program: Program, means: str) -> Lines:
    """The docstring: what is trained, and the command that does the same."""
    title = f"{program.recipe.describe()}: {program.steps} steps in {means}."
    lines = wrapped(f'"""{title}')
    if program.command is not None:
        lines += ["", "The same run in the terminal:", "", f"    {program.command}"]
    if len(lines) == 1:
        return [f'{lines[0]}"""', ""]
    return [*lines, '"""', ""]
