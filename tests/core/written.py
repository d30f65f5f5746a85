"""Calculates written arithmetic as a reader would: from nothing but the text."""

import re

import numpy as np

from xortui.core.model.functions import sigmoid

_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]\d+)?|inf|nan|NaN)(?![\w.])")


def softplus(x: float) -> float:
    """log(1 + exp x), which written out literally would overflow for large x."""
    return float(np.logaddexp(0, x))


def evaluated(calculation: str) -> float:
    """What the displayed digits of a calculation give."""
    text = re.sub(r"\(\d+ more terms = ([^)]*)\)", r"(\1)", calculation)
    text = text.replace("log(1 + exp(", "softplus((")
    text = _NUMBER.sub(r"f('\1')", text)
    for symbol, code in {"·": "*", "−": "-", "²": "**2", "^": "**", "σ": "sigmoid"}.items():
        text = text.replace(symbol, code)
    text = text.replace("[", "f(").replace("]", ")")
    names = {
        "f": np.float64,
        "NaN": np.nan,  # before a ², which hides that it is a number
        "inf": np.inf,
        "sigmoid": lambda x: sigmoid(np.asarray(x)),
        "tanh": np.tanh,
        "sqrt": np.sqrt,
        "sign": np.sign,
        "min": np.minimum,
        "floor": np.floor,
        "cos": np.cos,
        "abs": np.abs,
        "relu": lambda x: np.maximum(x, 0),
        "softplus": softplus,
    }
    with np.errstate(all="ignore"):
        return float(eval(text, names))


def half_a_unit(text: str) -> float:
    """Half a unit of the last digit that a number shows; 0 for whole numbers below 1000."""
    mantissa, _, exponent = text.partition("e")
    _, point, decimals = mantissa.partition(".")
    is_exact = not point and not exponent and abs(float(mantissa)) < 1000
    return 0.0 if is_exact else 0.5 * 10.0 ** (int(exponent or 0) - len(decimals))
