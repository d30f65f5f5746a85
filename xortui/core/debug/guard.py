"""What keeps a script that is looked at harmless: no window, no keyboard, nothing written.

Runs in the child process before the script. It is no prison for hostile code: it keeps an honest
script from leaving things behind. Only the standard library is used.
"""

import builtins
import dis
import io
import os
import random
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PLOTTING = ("matplotlib", "mpl_toolkits", "seaborn", "pylab", "tkinter", "turtle", "plotly")
MOST_OUTPUT = 20_000


class Nothing:
    """Stands for a plotting library and everything in it: takes any call, draws nothing."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: object, **options: object) -> "Nothing":
        # A decorator gives back what it decorates.
        if len(arguments) == 1 and isinstance(arguments[0], types.FunctionType) and not options:
            return arguments[0]  # type: ignore[return-value]
        return self

    def __getitem__(self, key: object) -> "Nothing":
        return self

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __iter__(self) -> Iterator["Nothing"]:
        """As many as the assignment that asks wants to have: `figure, axes = plt.subplots()`."""
        frame = sys._getframe(1)
        wanted = 0
        for instruction in dis.get_instructions(frame.f_code):
            if instruction.offset >= frame.f_lasti and instruction.opname == "UNPACK_SEQUENCE":
                if instruction.offset == frame.f_lasti:
                    wanted = int(instruction.arg or 0)
                break
        return iter([self] * wanted)

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "Nothing":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __bool__(self) -> bool:
        return False

    def _same(self, other: object) -> "Nothing":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _same


class _Drawings:
    """Finds every module of a plotting library, and makes it a module of nothing."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        from importlib.machinery import ModuleSpec

        if name.split(".")[0] in PLOTTING:
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        nothing = Nothing()

        class Module(types.ModuleType):
            __all__: tuple[str, ...] = ()

            def __getattr__(self, name: str) -> Nothing:
                if name.startswith("__"):
                    raise AttributeError(name)
                return nothing

        module = Module(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


class Output(io.TextIOBase):
    """Keeps the first and the last of what is printed, and no more."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.head: list[str] = []
        self.tail: list[str] = []
        self._room = MOST_OUTPUT
        self._kept = 0

    def write(self, text: str) -> int:
        if self._room > 0:
            self.head.append(text[: self._room])
            self._room -= len(text)
        else:
            self.tail.append(text[-MOST_OUTPUT:])
            self._kept += len(self.tail[-1])
            if self._kept > 4 * MOST_OUTPUT:
                self.tail = ["".join(self.tail)[-MOST_OUTPUT:]]
                self._kept = len(self.tail[0])
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self.head) + "".join(self.tail)[-MOST_OUTPUT:]


class Guard:
    """Puts all of it in place; `notes` says what the script tried to do."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.realpath(folder)
        self.notes: list[str] = []
        self.output = Output()
        self._moved: dict[str, str] = {}
        self._open = builtins.open

    def install(self) -> None:
        sys.dont_write_bytecode = True
        sys.stdout = self.output
        sys.stderr = io.StringIO() if sys.stderr is None else _Quiet()
        sys.stdin = io.StringIO("")
        builtins.input = self._input
        sys.meta_path.insert(0, _Drawings())
        builtins.open = io.open = self._opened
        for name in ("exists", "isfile"):
            setattr(os.path, name, self._also_moved(getattr(os.path, name)))
        for name in ("mkdir", "makedirs", "remove", "unlink", "rename", "replace", "rmdir"):
            setattr(os, name, self._without(name))
        os.system = self._without("system", 0)
        sys.addaudithook(self._audit)

    def seed(self) -> None:
        """The same start for a script that sets no seed, whenever it is run."""
        random.seed(0)

    def _input(self, prompt: object = "") -> str:
        self.note("input")
        raise EOFError("input() asks for the keyboard, and there is none")

    def note(self, what: str) -> None:
        if what not in self.notes:
            self.notes.append(what)

    def _without(self, name: str, result: object = None) -> Callable[..., Any]:
        real = getattr(os, name)

        def harmless(*arguments: Any, **options: Any) -> Any:
            if name != "system" and arguments and self._inside(arguments[0]):
                return real(*arguments, **options)
            self.note("system" if name == "system" else "write")
            return result

        return harmless

    def _also_moved(self, real: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def seen(path: Any) -> bool:
            return real(path) or (
                not isinstance(path, int) and os.path.realpath(os.fsdecode(path)) in self._moved
            )

        return seen

    def _inside(self, path: object) -> bool:
        try:
            place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return isinstance(path, int)
        return place.startswith(self.folder + os.sep) or place == os.devnull

    def _opened(self, file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        """Files that are written go to a folder of ours, and are read from there again."""
        if isinstance(file, int) or self._inside(file):
            return self._open(file, mode, *arguments, **options)
        name = os.path.realpath(os.fsdecode(file))
        if any(letter in mode for letter in "wax+"):
            self.note("write")
            if name not in self._moved:
                moved = str(Path(self.folder) / f"written-{len(self._moved)}")
                if os.path.exists(name) and "w" not in mode:
                    with self._open(name, "rb") as old, self._open(moved, "wb") as new:
                        new.write(old.read())
                self._moved[name] = moved
        return self._open(self._moved.get(name, file), mode, *arguments, **options)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            writes = (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND) & (
                flags or 0
            )
            if writes and not self._inside(path):
                raise PermissionError("xortui lets a script write no files")
        elif event in ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"):
            raise PermissionError("xortui lets a script start no other programs")


class _Quiet(io.TextIOBase):
    """Where warnings and progress bars go."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True
