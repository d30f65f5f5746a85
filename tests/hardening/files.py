"""Run files with something changed: each is refused in one sentence, or it is a run."""

import json
import random
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from tests.hardening.attack import Attack
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile, RunFileError, read_run
from xortui.core.training.trainer import Trainer

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, -(10**400), 0.5, -0.0, 1e308, 1e-320,
    "", "x", "\x1b]0;title\x07", "\u202e", "[/]", "W1[0,0]", "nan", "9" * 5000, "é", "\ud800",
    [], {}, [[]], [None] * 3, {"kind": "label"}, {"": {}},
)  # fmt: skip


@cache
def original() -> str:
    """A run with two branches and edits of several kinds."""
    trainer = Trainer(Recipe(bias=True, hidden=(3,)))
    trainer.step(40)
    for edit in (
        Edit("weight", "W1[0,1]", -2.0),
        Edit("freeze", "b2[0]"),
        Edit("noise", 7, 0.1),
        Edit("label", 2),
        Edit("mistake", "wrong-sign"),
        Edit("free", "b2[0]"),
    ):
        trainer.edit(edit)
        trainer.step(10)
    trainer.seek(30)
    trainer.edit(Edit("learning_rate", value=0.3))
    trainer.step(25)
    return RunFile.of(trainer).to_text()


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    keys = list(node) if isinstance(node, dict) else range(len(node))
    found = [(node, key) for key in keys]
    for key in keys:
        if isinstance(node[key], dict | list):
            found += places(node[key])
    return found


def mutated(chance: random.Random) -> bytes:
    """The run with one to four things changed, in its values or in its bytes."""
    if chance.random() < 0.5:
        data = json.loads(original())
        for _ in range(chance.randint(1, 4)):
            everywhere = places(data)
            if not everywhere:
                break
            node, key = chance.choice(everywhere)
            match chance.randrange(4):
                case 0:
                    node[key] = deepcopy(chance.choice(ODD))
                case 1:
                    del node[key]
                case 2:
                    node[key] = json.loads(json.dumps(chance.choice(everywhere)[0]))
                case _ if isinstance(node, dict):
                    node[str(chance.choice(ODD))[:50]] = deepcopy(chance.choice(ODD))
                case _:
                    node.insert(key, json.loads(json.dumps(node[key])))
        return json.dumps(data).encode("utf-8", "surrogatepass")
    text = bytearray(original().encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(5):
            case 0:
                text[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del text[at : at + chance.randint(1, 40)]
            case 2:
                text[at:at] = chance.randbytes(chance.randint(1, 8))
            case 3:
                text[at:at] = text[at : at + chance.randint(1, 200)]
            case _:
                text[at:at] = chance.choice((b"[", b"{", b"9", b'"')) * chance.randint(1, 2000)
    return bytes(text)


def one(chance: random.Random, folder: Path) -> str | None:
    path = folder / "run.json"
    path.write_bytes(mutated(chance))
    try:
        run = read_run(str(path))
    except RunFileError as error:
        return None if str(error) else "it is refused without a word"
    if RunFile.from_text(run.to_text()) != run:
        return "it does not come back from its own text"
    trainer = run.trainer()
    if trainer.last_step <= 10_000:
        trainer.seek(min(run.position, 500))
    return None


ATTACK = Attack("files", "run files with something changed", 1_000, 100_000, one)
