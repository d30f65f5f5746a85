"""What exported programs say in text of their own, and what NumPy and PyTorch write differently."""

from dataclasses import dataclass

from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, UPDATE
from xortui.core.model.tables import ACTIVATIONS

OVERFLOW = 'np.seterr(over="ignore")  # exp(-x) may overflow; 1 / infinity is 0, which is right'

COMMENTS: dict[str, str] = {
    FORWARD: "# forward pass: from the bits to the output",
    LOSS: "# loss of every row, their sum L, which is descended, and their mean, which is shown",
    BACKWARD: "# backward pass: the chain rule, from the loss back to every weight",
    UPDATE: "# update: a step against the gradient",
}


LOSS_OF_BATCH = (
    "# loss of every row; L, their sum over the batch, is descended, and the mean of all is shown"
)


@dataclass(frozen=True)
class Library:
    """What NumPy and PyTorch write differently.

    `array` is an array of a list; `parameter` and `constant` are arrays of NumPy's numbers, with
    and without a gradient. `finite` asks an item whether it is. `number` and `numpy` bring the
    loss and a parameter back for printing. `guard` is what changing one by hand must stand in.
    `module` is what its functions are called of.
    """

    array: str
    parameter: str
    constant: str
    finite: str
    number: str
    numpy: str
    learning_rate: str
    guard: str | None = None
    module: str = "np"

    def text(self, expression: str) -> str:
        """NumPy text with the library's own functions."""
        return expression.replace("np.", f"{self.module}.")


def definition(activation: str, library: Library) -> list[str]:
    """The lines that define an activation."""
    text = library.text(ACTIVATIONS[activation].expression)
    return [f"def {activation}(x):", f"    return {text}"]


NUMPY = Library(
    array="np.array({}, dtype=float)",
    parameter="{}",
    constant="{}",
    finite="np.isfinite(item).all()",
    number="{}",
    numpy="{}",
    learning_rate="learning_rate = {}",
)
TORCH = Library(
    array="torch.tensor({}, dtype=torch.float64)",
    parameter="torch.tensor({}, requires_grad=True)",
    constant="torch.tensor({})",
    finite="item.isfinite().all()",
    number="{}.item()",
    numpy="{}.detach().numpy()",
    learning_rate='optimiser.param_groups[0]["lr"] = {}',
    guard="with torch.no_grad():",
    module="torch",
)
