"""Plotting libraries that draw nothing: no window opens, and none of them need be installed.

Runs in the child process before the script. Only the standard library is used.
"""

import dis
import sys
import types
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from typing import Any

PLOTTING = ("matplotlib", "mpl_toolkits", "seaborn", "pylab", "tkinter", "turtle", "plotly")


def install() -> None:
    """From now on a plotting library is a library of nothing."""
    sys.meta_path.insert(0, _Drawings())


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
