"""A recipe in words, for titles, reports and what stays on the terminal."""

from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.schedules import CONSTANT


def in_words(recipe: Recipe) -> str:
    """The recipe in a few words: XOR 2-2-1 sigmoid, no bias, seed 0, learning rate 0.1."""
    words = [
        f"{recipe.table.title} {recipe.architecture} {recipe.activation}",
        "bias" if recipe.bias else "no bias",
    ]
    # The reference's own choices go without saying.
    words += [name for name in (recipe.loss, recipe.init) if name not in (Recipe.loss, Recipe.init)]
    words += [*points_in_words(recipe), f"seed {recipe.seed}", *training_in_words(recipe)]
    words += [f"learning rate {recipe.learning_rate:g}"]
    return ", ".join(words if recipe.mistake is None else [*words, f"broken: {recipe.mistake}"])


def points_in_words(recipe: Recipe) -> list[str]:
    """How many points there are and how they were made, in words; none for a truth table."""
    if not recipe.is_points:
        return []
    count = recipe.points if recipe.data is None else len(recipe.data.labels)
    words = [f"{count} points"]
    words += [f"noise {recipe.noise:g}"] if recipe.data is None else []
    words += ["standardised"] if recipe.standardise else []
    words += [f"test {recipe.test:g}"] if recipe.test else ["no test"]
    return [*words, *([f"data seed {recipe.data_seed}"] if recipe.data_seed else [])]


def training_in_words(recipe: Recipe) -> list[str]:
    """All that is not as in plain gradient descent, in words; none where nothing is."""
    words = _optimiser(recipe)
    if recipe.weight_decay is not None:
        words += [f"weight decay {recipe.weight_decay:g}"]
    if recipe.l1:
        words += [f"L1 {recipe.l1:g}"]
    if recipe.batch is not None:
        words += [f"batch {recipe.batch}{' shuffled' if recipe.shuffle else ''}"]
    if recipe.schedule != CONSTANT:
        words += [f"η {recipe.schedule}"]
    return words


def _optimiser(recipe: Recipe) -> list[str]:
    """The optimiser and what of it is not the default, in words; none for plain SGD."""
    if recipe.optimiser == Recipe.optimiser:
        return []
    changed = [
        f"{field} {getattr(recipe, field):g}"
        for field in OPTIMISERS[recipe.optimiser].fields
        if getattr(recipe, field) != getattr(Recipe, field)
    ]
    return [" ".join([recipe.optimiser, *changed])]
