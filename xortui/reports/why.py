"""What `xortui explain --why` prints: one number, and all that it came from."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from xortui.core.explain.arithmetic import format_number
from xortui.core.explain.places import Place, place_text
from xortui.core.explain.why import MOST_LINKS, SnapshotAt, Why, chain
from xortui.core.model.operation import Operation
from xortui.reports.explain import MAX_CELLS, fenced, head, plain, wrapped_words

GIVEN = "Given"


def why_text(place: Place, at: SnapshotAt, show_fault: bool = True) -> str:
    """The chain of a number as plain text of at most 100 columns, from the result back.

    With `show_fault` unset a mistake made on purpose is not pointed out.
    """
    links = chain(place, at)
    lines = [*wrapped_words([_question(links[0]), *head(at(place.step), show_fault)]), ""]
    for title, group in _grouped(links):
        lines += [*wrapped_words([title]), *wrapped_words(_reasons(group, show_fault), "   ")]
        lines += [*wrapped_words(_link_lines(group), "   "), ""]
    return "\n".join([*lines, *wrapped_words(_further(links))]).rstrip() + "\n"


def why_markdown(place: Place, at: SnapshotAt, show_fault: bool = True) -> str:
    """The same as Markdown."""
    links = chain(place, at)
    blocks = [f"# {_question(links[0])}", *head(at(place.step), show_fault)]
    for title, group in _grouped(links):
        blocks += [f"## {title}", *_reasons(group, show_fault)]
        blocks.append(fenced(wrapped_words(_link_lines(group))))
    return "\n\n".join([*blocks, *_further(links)]) + "\n"


def why_json(place: Place, at: SnapshotAt, show_fault: bool = True) -> str:
    """The same as one JSON object, with every link of the chain in full."""
    snapshot = at(place.step)
    links = chain(place, at)
    data = {
        "recipe": snapshot.recipe.to_json(),
        "step": place.step,
        "name": place_text(place),
        "is_whole": len(links) < MOST_LINKS,
        "links": [_link_data(link, show_fault) for link in links],
    }
    return json.dumps(data, allow_nan=False) + "\n"


def _question(link: Why) -> str:
    value = format_number(link.value, signed=True)
    return f"Why is {place_text(link.place)} {value} at step {link.place.step}?"


def _grouped(links: Sequence[Why]) -> Iterator[tuple[str, list[Why]]]:
    """The links under the operation that made them, the last one first; what is given at the end.

    What the step before made of parameters comes after what this step made.
    """

    def order(link: Why) -> tuple[int, int]:
        return (link.number is None or _is_older(link), -(link.number or 0))

    for _, group in groupby(sorted(links, key=order), key=order):
        members = sorted(group, key=lambda link: (link.place.name, link.place.index))
        yield _title(members[0]), members


def _is_older(link: Why) -> bool:
    return any(place.step != link.place.step for place in link.places)


def _title(link: Why) -> str:
    operation = link.operation
    if operation is None:
        return GIVEN
    step = f", in step {link.place.step - 1}" if _is_older(link) else ""
    return f"{link.number}. {operation.formula}    ({_code(operation)}{step})"


def _code(operation: Operation) -> str:
    return f"{operation.target} = {operation.expression}"


def _reasons(links: Sequence[Why], show_fault: bool) -> list[str]:
    operation = links[0].operation
    if operation is None:
        return []
    fault = [f"Wrong: {operation.fault}"] if operation.fault and show_fault else []
    return [operation.why, *fault]


def _link_lines(links: Sequence[Why]) -> list[str]:
    lines = [f"{place_text(link.place)}: {_written(link)}" for link in links[:MAX_CELLS]]
    more = len(links) - MAX_CELLS
    return [*lines, f"... and {more} more of its numbers"] if more > 0 else lines


def _written(link: Why) -> str:
    if link.explanation is not None:
        return link.explanation.text
    before = "".join(
        f" {part.text} was {format_number(part.value, signed=True)}." for part in link.parts
    )
    return f"{link.title} = {format_number(link.value, signed=True)}. {link.words}{before}"


def _further(links: Sequence[Why]) -> list[str]:
    """Where the chain ends: how to ask for what an earlier step did."""
    if len(links) == MOST_LINKS:
        return [f"Only the first {MOST_LINKS:,} numbers were followed."]
    for link in links:
        for place in link.places:
            if place.step != links[0].place.step and place.name[0] in "Wb":
                return [
                    f"Step {place.step} made the weights. To ask on: --why '{place_text(place)}' "
                    f"--goto {place.step}"
                ]
    return []


def _link_data(link: Why, show_fault: bool) -> dict[str, Any]:
    operation, explanation = link.operation, link.explanation
    return {
        **_place_data(link.place),
        "value": plain(np.asarray(link.value)),
        "operation": None if operation is None else _code(operation),
        "number": link.number,
        "text": None if explanation is None else explanation.text,
        "words": link.words,
        "fault": operation.fault or None if operation is not None and show_fault else None,
        "parts": [
            {
                "text": part.text,
                "value": plain(np.asarray(part.value)),
                "more": part.more,
                "places": [_place_data(place) for place in part.places],
            }
            for part in link.parts
        ],
    }


def _place_data(place: Place) -> dict[str, Any]:
    return {"name": place_text(place), "step": place.step}
