"""A run as a script of its own: one page that trains this very recipe, with NumPy or PyTorch."""

from collections.abc import Iterable

from xortui.core.export.edit_lines import edit_lines
from xortui.core.export.lines import Lines, comment, indented, wrapped_comment
from xortui.core.export.printing import result_lines, watch_lines
from xortui.core.export.program import Edits, Program
from xortui.core.export.table import table_comment, table_lines
from xortui.core.export.templates import COMMENTS, NUMPY, TORCH
from xortui.core.model.mistakes import EQUAL_START
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, UPDATE
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.core.model.recipe_words import in_words
from xortui.core.model.schedules import CONSTANT, RATE


def export_numpy(recipe: Recipe, edits: Edits = (), steps: int = REFERENCE_STEPS) -> str:
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
        table_comment(recipe),
        *table_lines(recipe, program.library),
        "",
        "# the network: what is learned, and how fast",
        *program.start(),
        *program.numbers(),
        "",
        *numpy_loop(program),
        "",
        *result_lines(program),
    ]
    return "\n".join(lines) + "\n"


def numpy_loop(program: Program) -> Lines:
    """The training loop, every operation written out."""
    return [
        program.for_line,
        *indented(
            [
                *edit_lines(program),
                *program.batch_lines(),
                *program.operations(FORWARD, LOSS),
                *watch_lines(program),
                "",
                *program.operations(BACKWARD, UPDATE),
            ]
        ),
    ]


def export_torch(recipe: Recipe, edits: Edits = (), steps: int = REFERENCE_STEPS) -> str:
    """A PyTorch script that trains the recipe: float64, autograd, the optimiser of `torch.optim`.

    Its starting weights are NumPy's own. It knows nothing of the network's backward pass, so its
    agreement (to rounding) with a run is a check of that run. Raises as `export_numpy` does, and
    ValueError for a mistake in what autograd works out by itself, which it gets right.
    """
    mistake = recipe.mistake
    if mistake not in _MADE_WITH_TORCH:
        raise ValueError(
            f"PyTorch computes the gradients itself, correctly, so it cannot make the mistake "
            f"{mistake}; numpy and notebook can"
        )
    program = Program(recipe, tuple(edits), steps, TORCH)
    learned = [
        name
        for name in program.network.shapes
        if name.startswith("W") or mistake != "no-bias-gradient"
    ]
    optimiser = _optimiser(program, learned, uphill=mistake == "wrong-sign")
    # What an optimiser keeps, or decay, moves a parameter that has no gradient: it is put back.
    keeps = bool(program.network.optimiser.kept) or program.decays_by_torch
    held, masks = (program.masked, []) if keeps else ([], program.masked)
    is_mean = mistake == "mean-for-sum"
    loop = [
        *edit_lines(program),
        *program.batch_lines(),
        *program.operations(FORWARD, LOSS),
        *watch_lines(program),
        "",
        COMMENTS[BACKWARD],
        "optimiser.zero_grad()",
        *(_on_purpose("The mean is descended instead of the sum.") if is_mean else []),
        _backward(program) if is_mean else "L.backward()",
        *(f"{name}.grad *= free_{name}" for name in masks),
        "",
        COMMENTS[UPDATE],
        *(f"{name}_before = {name}.detach().clone()" for name in held),
        *_rate_lines(program),
        "optimiser.step()",
        *(["with torch.no_grad():"] if held else []),
        *(f"    {name}[free_{name} == 0] = {name}_before[free_{name} == 0]" for name in held),
    ]
    lines = [
        *_head(program, "PyTorch"),
        *program.imports,
        "",
        table_comment(recipe),
        *table_lines(recipe, program.library),
        "",
        "# the network: what is learned, and how fast",
        *program.start(),
        *program.penalty_numbers(),
        *_on_purpose(_MADE_WITH_TORCH[mistake]),
        f"optimiser = {optimiser}",
        "",
        program.for_line,
        *indented(loop),
        "",
        *result_lines(program),
    ]
    return "\n".join(lines) + "\n"


def _optimiser(program: Program, learned: Iterable[str], uphill: bool) -> str:
    """The call that makes PyTorch's own optimiser for what is learned."""
    network = program.network
    name, _, more = network.optimiser.torch.partition(" ")
    numbers = {name: float(value) for name, value in network.numbers.items()}
    given = [f"[{', '.join(learned)}]", f"lr={program.recipe.learning_rate!r}"]
    given += [more.format(**numbers)] if more else []
    if program.decays_by_torch:
        given += [f"weight_decay={program.recipe.decay!r}"]
    given += ["maximize=True"] if uphill else []
    return f"torch.optim.{name}({', '.join(given)})"


def _rate_lines(program: Program) -> Lines:
    """What gives PyTorch's optimiser the learning rate of the step."""
    if program.recipe.schedule == CONSTANT:
        return []
    (line,) = (item for item in program.network.operations if item.target == RATE)
    given = f'optimiser.param_groups[0]["lr"] = {RATE}'
    return [f"{RATE} = {program.expression(line)}", given]


def _backward(program: Program) -> str:
    """What descends the mean over the rows instead of the sum, and the penalties as ever."""
    recipe = program.recipe
    mean = f"{'E' if recipe.penalties else 'L'} / {len(recipe.table.labels)}"
    descended = "loss" if recipe.batch is None else mean
    added = [
        penalty.target
        for penalty in program.recipe.penalties
        if not (penalty.field == "weight_decay" and program.decays_by_torch)
    ]
    if recipe.batch is None and not added:
        return "loss.backward()"
    return f"({' + '.join([descended, *added])}).backward()"


# The mistakes that a PyTorch script can make, and what it says where the optimiser makes them.
_MADE_WITH_TORCH: dict[str | None, str] = {
    None: "",
    EQUAL_START: "",
    "mean-for-sum": "",
    "no-bias-gradient": "The biases are left out, so that they stay where they are.",
    "wrong-sign": "It goes up the gradient, not down.",
}


def _on_purpose(words: str) -> Lines:
    return comment(f"A mistake, on purpose. {words}") if words else []


def _head(program: Program, means: str) -> Lines:
    """The docstring: what is trained, and the command that does the same."""
    title = f"{in_words(program.recipe)}: {program.steps} steps in {means}."
    lines = wrapped_comment(f'"""{title}')
    if program.command is not None:
        lines += ["", "The same run in the terminal:", "", f"    {program.command}"]
    if len(lines) == 1:
        return [f'{lines[0]}"""', ""]
    return [*lines, '"""', ""]
