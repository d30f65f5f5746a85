"""A run in a file: recipe, edits, branches, position. Replaying it brings back the same bits."""

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from xortui.core.edit import Edit
from xortui.core.functions import Array
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.timeline import Timeline
from xortui.core.trainer import MOST_BRANCHES, Branch, Trainer

FORMAT, VERSION = "xortui run", 1
MOST_BYTES = 2**20
MOST_STEPS = 10**9
MOST_EDITS = 10_000
MOST_NAME = 100


class RunFileError(ValueError):
    """A file that holds no run of ours. The message is one sentence without the file's name."""


@dataclass(frozen=True)
class SavedBranch:
    """One branch: its name, its edits as (step, edit), how far it came and where it was left."""

    name: str
    edits: tuple[tuple[int, Edit], ...]
    frontier: int
    position: int


@dataclass(frozen=True)
class RunFile:
    """What a file says. `digest` is that of the parameters where the run stood, on `current`."""

    recipe: Recipe
    branches: tuple[SavedBranch, ...]
    current: int
    digest: str

    @classmethod
    def of(cls, trainer: Trainer) -> "RunFile":
        """The file of a run as it stands."""
        branches = [
            SavedBranch(
                branch.name,
                branch.timeline.edits,
                max(branch.timeline.frontier, branch.known),
                branch.position,
            )
            for branch in trainer.branches
        ]
        here = branches[trainer.current_branch]
        branches[trainer.current_branch] = SavedBranch(
            here.name, here.edits, here.frontier, trainer.step_number
        )
        digest = digest_of(trainer.snapshot().parameters)
        return cls(trainer.recipe, tuple(branches), trainer.current_branch, digest)

    @property
    def position(self) -> int:
        """The step at which the run stood."""
        return self.branches[self.current].position

    def trainer(self) -> Trainer:
        """The run, standing at step 0: it is for the caller to seek `position`."""
        trainer = Trainer(self.recipe)
        trainer.restore(
            [
                Branch(
                    saved.name, Timeline(self.recipe, saved.edits), saved.position, saved.frontier
                )
                for saved in self.branches
            ],
            self.current,
        )
        return trainer

    def matches(self, trainer: Trainer) -> bool:
        """Whether a replay at `position` has the same bits as the run that was saved.

        Another NumPy or processor may round the exponential differently in the last bit.
        """
        return digest_of(trainer.snapshot().parameters) == self.digest

    def to_text(self) -> str:
        """The file's text: JSON."""
        data = {
            "format": FORMAT,
            "version": VERSION,
            "recipe": self.recipe.to_json(),
            "branches": [
                {
                    "name": branch.name,
                    "edits": [[step, edit.to_json()] for step, edit in branch.edits],
                    "frontier": branch.frontier,
                    "position": branch.position,
                }
                for branch in self.branches
            ],
            "current": self.current,
            "digest": self.digest,
        }
        return json.dumps(data, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "RunFile":
        """The run that a file's text describes. Raises RunFileError."""
        if len(text) > MOST_BYTES:
            raise RunFileError(f"it is larger than {MOST_BYTES // 1024} KiB")
        try:
            data = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise RunFileError("it is not whole, valid JSON") from None
        data = _object(data, "the file", ("format", "version"), exact=False)
        if data["format"] != FORMAT:
            raise RunFileError("it is not a run saved by xortui")
        if data["version"] != VERSION:
            raise RunFileError(f"its format is version {data['version']!r:.20}; this is {VERSION}")
        keys = ("format", "version", "recipe", "branches", "current", "digest")
        data = _object(data, "the file", keys)
        try:
            recipe = Recipe.from_json(data["recipe"])
        except ValueError as error:
            raise RunFileError(f"its recipe is wrong: {error}") from None
        branches = data["branches"]
        if not isinstance(branches, list) or not 1 <= len(branches) <= MOST_BRANCHES:
            raise RunFileError(f"it must have 1 to {MOST_BRANCHES} branches")
        if not isinstance(data["digest"], str) or len(data["digest"]) > MOST_NAME:
            raise RunFileError("its digest is not a text")
        return cls(
            recipe,
            tuple(_branch(item, recipe) for item in branches),
            _whole(data["current"], "current", len(branches) - 1),
            data["digest"],
        )


def digest_of(parameters: Array) -> str:
    """A short digest of every bit of a parameter vector, the same on any byte order."""
    return hashlib.sha256(parameters.astype("<f8").tobytes()).hexdigest()[:16]


def read_run(path: str) -> RunFile:
    """The run in a file. Raises RunFileError, and OSError where it cannot be read."""
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        return RunFile.from_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise RunFileError("it is not text in UTF-8") from None


def write_atomically(path: str, data: bytes) -> None:
    """Write a file whole or not at all: what was there stays until the new one is complete.

    What is no ordinary file, such as /dev/null, is written to as it is. Raises OSError.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:40]}.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode_of(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode_of(path: str) -> int:
    """The permissions of a file that is there; otherwise what a new one would get."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _branch(data: object, recipe: Recipe) -> SavedBranch:
    item = _object(data, "a branch", ("name", "edits", "frontier", "position"))
    if not isinstance(item["name"], str) or not 0 < len(item["name"]) <= MOST_NAME:
        raise RunFileError("the name of a branch is not a short text")
    if not isinstance(item["edits"], list) or len(item["edits"]) > MOST_EDITS:
        raise RunFileError(f"the edits of a branch must be a list of at most {MOST_EDITS}")
    edits, earliest = [], 0
    parameters = Network(recipe).initial_parameters()
    for entry in item["edits"]:
        if not isinstance(entry, list) or len(entry) != 2:
            raise RunFileError("an edit must be a pair of a step and what is changed")
        step = _whole(entry[0], "the step of an edit", MOST_STEPS)
        if step < earliest:
            raise RunFileError("the edits of a branch are not in order")
        earliest = step
        try:
            edit = Edit.from_json(entry[1])
            recipe, parameters = edit.apply(recipe, parameters)
        except ValueError as error:
            raise RunFileError(f"an edit is wrong: {error}") from None
        edits.append((step, edit))
    frontier = _whole(item["frontier"], "frontier", MOST_STEPS)
    position = _whole(item["position"], "position", frontier)
    return SavedBranch(item["name"], tuple(edits), frontier, position)


def _object(
    data: object, what: str, keys: tuple[str, ...], exact: bool = True
) -> Mapping[str, Any]:
    """A JSON object that has these keys, and no others where `exact`."""
    if not isinstance(data, dict):
        raise RunFileError(f"{what} is not a JSON object")
    for key in keys:
        if key not in data:
            raise RunFileError(f"{what} lacks {key}")
    unknown = [key for key in data if key not in keys]
    if exact and unknown:
        raise RunFileError(f"{what} has an unknown key {unknown[0][:40]!r}")
    return data


def _whole(value: object, what: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise RunFileError(f"{what} is not a whole number from 0 to {most}")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
