"""A run in a file: recipe, edits, branches, position, breakpoints.

Replaying it brings back the same bits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from xortui.core.files import write_whole
from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import is_harmless
from xortui.core.text.whole_number import signed_whole
from xortui.core.training.branch import MAX_BRANCHES, MAX_EDITS, Branch
from xortui.core.training.breakpoints import MAX_BREAKPOINTS, Breakpoint, BreakpointError
from xortui.core.training.edit import Edit
from xortui.core.training.timeline import Timeline
from xortui.core.training.trainer import Trainer

FORMAT, VERSION = "xortui run", 1
MAX_BYTES = 2**22  # the largest run that can be made takes half of it
MAX_STEP = 10**15  # more than a century of training
MAX_NAME = 100
MAX_LEVELS = 10


class RunFileError(ValueError):
    """A file that holds no run of ours. The message is one sentence without the file's name."""


@dataclass(frozen=True)
class SavedBranch:
    """One branch: its name, its edits as (step, edit), how far it came and where it was left."""

    name: str
    edits: tuple[tuple[int, Edit], ...]
    last_step: int
    position: int


@dataclass(frozen=True)
class RunFile:
    """What a file says. `digest` is that of the parameters where the run stood, on `current`.

    `is_changed` says that the file is not as it was written: somebody has edited it by hand. That
    is known only where it has a checksum, which files of older versions lack.
    """

    recipe: Recipe
    branches: tuple[SavedBranch, ...]
    current: int
    digest: str
    breakpoints: tuple[Breakpoint, ...] = ()
    is_changed: bool = field(default=False, compare=False)
    has_checksum: bool = field(default=True, compare=False)

    @classmethod
    def of(cls, trainer: Trainer) -> "RunFile":
        """The file of a run as it stands."""
        branches = [
            SavedBranch(
                branch.name,
                branch.timeline.edits,
                max(branch.timeline.last_step, branch.saved_frontier),
                branch.position,
            )
            for branch in trainer.branches
        ]
        here = branches[trainer.current_branch]
        branches[trainer.current_branch] = SavedBranch(
            here.name, here.edits, here.last_step, trainer.step_number
        )
        digest = digest_of(trainer.snapshot().parameters)
        return cls(
            trainer.recipe, tuple(branches), trainer.current_branch, digest, trainer.breakpoints
        )

    @property
    def position(self) -> int:
        """The step at which the run stood."""
        return self.branches[self.current].position

    def trainer(self) -> Trainer:
        """The run, standing at step 0: it is for the caller to seek `position`."""
        trainer = Trainer(self.recipe)
        trainer.breakpoints = self.breakpoints
        trainer.restore(
            [
                Branch(
                    saved.name, Timeline(self.recipe, saved.edits), saved.position, saved.last_step
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

    def difference(self, trainer: Trainer) -> str:
        """Why a replay at `position` has other bits than the run that was saved; empty where it has
        the same. One sentence without the file's name."""
        if self.matches(trainer):
            return ""
        if self.is_changed:
            return (
                "its digest and its recipe do not belong together: the file was changed after the "
                "run was saved"
            )
        words = (
            f"at step {self.position} the last bits differ from those that were saved: "
            "this machine's NumPy rounds differently"
        )
        return words if self.has_checksum else f"{words}, or the file was changed by hand"

    def to_text(self) -> str:
        """The file's text: JSON."""
        data = {"format": FORMAT, "version": VERSION, **self._contents()}
        data["checksum"] = self.checksum()
        return json.dumps(data, indent=1, allow_nan=False) + "\n"

    def checksum(self) -> str:
        """A short digest of all that the file says, to see whether it was changed by hand."""
        text = json.dumps(self._contents(), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _contents(self) -> dict[str, Any]:
        """All but format, version and checksum; without breakpoints the same as it ever was."""
        breakpoints = {"breakpoints": [str(item) for item in self.breakpoints]}
        return (breakpoints if self.breakpoints else {}) | {
            "recipe": self.recipe.to_json(),
            "branches": [
                {
                    "name": branch.name,
                    "edits": [[step, edit.to_json()] for step, edit in branch.edits],
                    "frontier": branch.last_step,
                    "position": branch.position,
                }
                for branch in self.branches
            ],
            "current": self.current,
            "digest": self.digest,
        }

    @classmethod
    def from_text(cls, text: str) -> "RunFile":
        """The run that a file's text describes. Raises RunFileError."""
        if len(text) > MAX_BYTES:
            raise RunFileError(f"it is larger than {MAX_BYTES // 1024} KiB")
        try:
            data = json.loads(text, parse_constant=_no_constant, parse_int=signed_whole)
        except RecursionError:
            raise RunFileError("it is nested too deeply") from None
        except ValueError:
            raise RunFileError("it is not whole, valid JSON") from None
        _check_values(data)
        data = _object(data, "the file", ("format", "version"), exact=False)
        if data["format"] != FORMAT:
            raise RunFileError("it is not a run saved by xortui")
        if data["version"] != VERSION:
            raise RunFileError(f"its format is version {data['version']!r:.20}; this is {VERSION}")
        checksum = data.get("checksum")  # which older files lack
        data = {key: value for key, value in data.items() if key != "checksum"}
        breakpoints = _breakpoints(data.pop("breakpoints", []))  # which most files lack
        keys = ("format", "version", "recipe", "branches", "current", "digest")
        data = _object(data, "the file", keys)
        try:
            recipe = Recipe.from_json(data["recipe"])
        except ValueError as error:
            raise RunFileError(f"its recipe is wrong: {error}") from None
        branches = data["branches"]
        if not isinstance(branches, list) or not 1 <= len(branches) <= MAX_BRANCHES:
            raise RunFileError(f"it must have 1 to {MAX_BRANCHES} branches")
        if not isinstance(data["digest"], str) or len(data["digest"]) > MAX_NAME:
            raise RunFileError("its digest is not a string")
        run = cls(
            recipe,
            tuple(_branch(item, recipe) for item in branches),
            _whole(data["current"], "current", len(branches) - 1),
            data["digest"],
            breakpoints,
        )
        if sum(len(branch.edits) for branch in run.branches) > MAX_EDITS:
            raise RunFileError(f"it has more than {MAX_EDITS:,} edits")
        if checksum is None:
            return replace(run, has_checksum=False)
        return replace(run, is_changed=checksum != run.checksum())


def digest_of(parameters: Array) -> str:
    """A short digest of every bit of a parameter vector, the same on any byte order."""
    return hashlib.sha256(parameters.astype("<f8").tobytes()).hexdigest()[:16]


def read_run(path: str) -> RunFile:
    """The run in a file. Raises RunFileError, and OSError where it cannot be read."""
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        return RunFile.from_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise RunFileError("it is not text in UTF-8") from None


def write_run(path: str, run: RunFile) -> None:
    """Write a run to a file, whole or not at all. Raises OSError."""
    write_whole(path, run.to_text().encode("ascii"))


def _check_values(data: object) -> None:
    """Refuse what no file of ours holds anywhere: text that could do harm, and deep nesting.

    Names from a file are shown on terminals; with an escape sequence in one, a file could set the
    terminal's title or clipboard.
    """
    level = [data]
    for _ in range(MAX_LEVELS):
        texts = [item for item in level if isinstance(item, str)]
        texts += [key for item in level if isinstance(item, dict) for key in item]
        if not all(map(is_harmless, texts)):
            raise RunFileError("a text in it holds control characters")
        level = [
            value
            for item in level
            if isinstance(item, dict | list)
            for value in (item.values() if isinstance(item, dict) else item)
        ]
    if level:
        raise RunFileError("it is nested too deeply")


def _branch(data: object, recipe: Recipe) -> SavedBranch:
    item = _object(data, "a branch", ("name", "edits", "frontier", "position"))
    if not isinstance(item["name"], str) or not 0 < len(item["name"]) <= MAX_NAME:
        raise RunFileError("the name of a branch is not a short text")
    if not isinstance(item["edits"], list) or len(item["edits"]) > MAX_EDITS:
        raise RunFileError(f"the edits of a branch must be a list of at most {MAX_EDITS:,}")
    edits, earliest = [], 0
    for entry in item["edits"]:
        if not isinstance(entry, list) or len(entry) != 2:
            raise RunFileError("an edit must be a pair of a step and what is changed")
        step = _whole(entry[0], "the step of an edit", MAX_STEP)
        if step < earliest:
            raise RunFileError("the edits of a branch are not in order")
        earliest = step
        try:
            edit = Edit.from_json(entry[1])
            edit.check(recipe)
        except ValueError as error:
            raise RunFileError(f"an edit is wrong: {error}") from None
        edits.append((step, edit))
    last_step = _whole(item["frontier"], "frontier", MAX_STEP)
    position = _whole(item["position"], "position", last_step)
    return SavedBranch(item["name"], tuple(edits), last_step, position)


def _breakpoints(data: object) -> tuple[Breakpoint, ...]:
    if not isinstance(data, list) or len(data) > MAX_BREAKPOINTS:
        raise RunFileError(f"its breakpoints must be a list of at most {MAX_BREAKPOINTS}")
    if not all(isinstance(item, str) for item in data):
        raise RunFileError("a breakpoint is not a text")
    try:
        return tuple(dict.fromkeys(map(Breakpoint.parse, data)))
    except BreakpointError as error:
        raise RunFileError(f"a breakpoint is wrong: {error}") from None


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
    raise ValueError(f"{name} is not JSON")
