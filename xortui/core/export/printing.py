"""What an exported program prints: the loss now and then, at the end its outputs and weights."""

from xortui.core.export.lines import Lines
from xortui.core.export.program import Program
from xortui.core.model.operation import FORWARD
from xortui.core.training.solved import FAR_OFF, GOAL

LINES_OF_LOSSES = 10


def watch_lines(program: Program) -> Lines:
    """Print the loss now and then; stop where the run ends or diverges."""
    items = ", ".join(["loss", *program.network.shapes])
    loss = _loss(program)
    return [
        f"if step % {max(1, program.steps // LINES_OF_LOSSES)} == 0:",
        f'    print(f"step {{step:{len(str(program.steps))}}}  loss {{{loss}}}")',
        f"if step == {program.steps}:",
        "    break",
        f"if not all({program.library.finite} for item in ({items})):",
        '    print(f"diverged at step {step}: a number is no longer finite")',
        "    break",
    ]


def result_lines(program: Program) -> Lines:
    """Print the predictions, whether they are right, and the weights."""
    lines = _points_result(program) if program.recipe.is_points else _rows_result(program)
    lines += ["", 'np.set_printoptions(floatmode="unique")  # every digit that counts']
    weights = {name: program.library.numpy.format(name) for name in program.network.shapes}
    return lines + [f'print(f"{name} =\\n{{{text}}}")' for name, text in weights.items()]


def _rows_result(program: Program) -> Lines:
    """Print the output of every row, and whether all are right."""
    loss = _loss(program)
    return [
        f'print(f"\\nstep {{step}}  loss {{{loss}}}")',
        "for bits, output, label in zip(X.tolist(), yhat[:, 0].tolist(), Y[:, 0].tolist()):",
        '    print(*map(int, bits), f"-> {output:11.8f}  label {label:.0f}")',
        "right = ((yhat - 0.5) * (Y - 0.5) > 0).all()",
        f'print("solved" if right and loss < {GOAL} else "not solved")',
    ]


def _points_result(program: Program) -> Lines:
    """Print how many points are right; then the same of those that were set aside."""
    table = program.recipe.table
    right = f"right = ((yhat - 0.5) * ({{y}} - 0.5) > 0) & (abs(yhat - {{y}}) <= {FAR_OFF:g})"
    least = f"right.sum() >= {table.share_to_solve} * len(Y)"
    loss = _loss(program)
    lines = [
        f'print(f"\\nstep {{step}}  loss {{{loss}}}")',
        right.format(y="Y"),
        'print(f"right: {right.sum()} of {len(Y)} training points")',
        f'print("solved" if {least} and loss < {GOAL} else "not solved")',
    ]
    if not table.test_labels:
        return lines
    return [
        *lines,
        "",
        "# the points set aside: the same forward pass",
        "X = X_test",
        *(
            f"{operation.target} = {program.expression(operation)}"
            for operation in program.network.operations
            if operation.phase == FORWARD
        ),
        right.format(y="Y_test"),
        'print(f"right: {right.sum()} of {len(Y_test)} test points")',
    ]


def _loss(program: Program) -> str:
    return program.library.number.format("loss")
