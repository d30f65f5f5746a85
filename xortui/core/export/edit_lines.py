"""The edits of a run as lines of an exported program, each made at its step."""

from collections.abc import Iterator

from xortui.core.export.lines import Lines, indented, spaced
from xortui.core.export.program import Program
from xortui.core.export.templates import NUMPY, TORCH
from xortui.core.model.names import row_name
from xortui.core.model.recipe_fields import TRAINING_NUMBERS
from xortui.core.model.schedules import CONSTANT
from xortui.core.training.edit import Edit


def edit_lines(program: Program) -> Lines:
    """What the edits change, each at its step."""
    lines: Lines = []
    for step in dict.fromkeys(at for at, _ in program.edits):
        edits = [edit for at, edit in program.edits if at == step]
        body = [line for edit in edits for line in _lines_of(program, edit)]
        by_hand = any(edit.kind in ("weight", "noise") for edit in edits)
        if program.library.guard and by_hand:
            body = [program.library.guard, *indented(body)]
        lines += [f"if step == {step}:", *indented(body)]
    return ["# what was changed by hand", *lines, ""] if lines else []


def _lines_of(program: Program, edit: Edit) -> Iterator[str]:
    place = spaced(str(edit.where))
    match edit.kind:
        case field if field in TRAINING_NUMBERS:
            yield from _number_lines(program, field, float(edit.value or 0))
        case "weight":
            yield f"{place} = {float(edit.value or 0)!r}  # {program.called(str(edit.where))}"
        case "label":
            yield f"Y[{place}] = 1 - Y[{place}]  # {row_name(program.recipe, int(place))}"
        case "freeze":
            yield f"free_{place} = 0  # {program.called(str(edit.where))}"
        case "free":
            yield f"free_{place} = 1  # {program.called(str(edit.where))}"
        case "noise":
            yield f"noise = np.random.RandomState({place})"
            for name, shape in program.network.shapes.items():
                size = shape[0] if len(shape) == 1 else shape
                drawn = f"noise.standard_normal({size}) * {float(edit.value or 0)!r}"
                mask = f" * free_{name}" if name in program.masked else ""
                yield f"{name} += {program.library.constant.format(drawn)}{mask}"


def _number_lines(program: Program, field: str, value: float) -> Iterator[str]:
    """What gives a number of the recipe another value."""
    if field == "learning_rate":
        template = program.library.learning_rate
        if program.recipe.schedule != CONSTANT:
            template = NUMPY.learning_rate
        yield template.format(value)
        return
    name = next((name for name, of in program.network.optimiser.numbers.items() if of == field), "")
    if program.library is not TORCH:
        yield f"{name or field} = {value!r}"
        return
    if field in program.network.numbers and not name:  # of a penalty
        yield f"{field} = {value!r}"
    group = "optimiser.param_groups[0]"
    if name in ("beta1", "beta2") and "betas" in program.network.optimiser.torch:
        old = f'{group}["betas"][{int(name == "beta1")}]'
        pair = [repr(value), old] if name == "beta1" else [old, repr(value)]
        yield f'{group}["betas"] = ({", ".join(pair)})'
    elif field != "l1" and (field != "weight_decay" or name or program.decays_by_torch):
        option = {"beta2": "alpha", "epsilon": "eps"}.get(field, field)
        yield f'{group}["{option}"] = {value!r}'
