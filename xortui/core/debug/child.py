"""The child process: runs one script, notes a few windows of its run, and writes them to a file.

Started by path (`python child.py REQUEST`), so that it loads neither xortui nor NumPy before the
script does. The file it writes: the length of a JSON header in 8 bytes, the header, and every
number of the recorded values as float64.
"""

import ast
import builtins
import importlib.util
import json
import os
import sys
import threading
import time
import types
from typing import Any

# Kept from before the guard exchanges them.
_exit, _replace = os._exit, os.replace


class ScriptRun:
    """One run of a script, from the request to the file."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.watch = _load("watch").Watch(request.get("windows"), request.get("marks", ()))
        self.ending: dict[str, Any] = {"how": "ended"}
        self._begin = time.monotonic()

    def run(self) -> None:
        """Run it to its end, or to the time limit."""
        noting, instrument = _load("noting"), _load("instrument")
        guard = _load("guard").FileGuard(self.request["folder"])
        drawings = _load("drawings")
        path = self.request["script"]
        source = self.request["source"]
        self.noting, self.guard = noting.Noting(source), guard
        self.maker = instrument.Instrument(self.noting)
        if self.request.get("windows"):
            self.watch.enough = self.write
        self._limits()
        sys.argv = [path, *self.request["arguments"]]
        sys.path[0] = os.path.dirname(os.path.abspath(path))
        guard.install()
        drawings.install()
        if "sqlite3" in source:
            guard.keep_databases()
        if "numpy" in source:
            self._seed_numpy()
        guard.seed()
        setattr(builtins, noting.WATCH, self.watch)
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=path, __builtins__=builtins)
        sys.modules["__main__"] = main
        threading.Thread(target=self._clock, daemon=True).start()
        try:
            tree = self.maker.visit(ast.parse(source, path))
            exec(compile(tree, path, "exec"), main.__dict__)
        except SystemExit:
            pass
        except BaseException as error:
            self.ending = self._crash(error)
        self.write()

    def _limits(self) -> None:
        try:
            import resource
        except ImportError:  # Windows
            return
        most = self.request["memory"]
        try:
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except (ValueError, OSError):
            pass

    def _without_limit(self) -> None:
        """Let what was recorded be written, even where the script took all memory it may have."""
        try:
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        except (ImportError, ValueError, OSError):
            pass

    def _seed_numpy(self) -> None:
        try:
            import numpy
        except ImportError:
            return
        numpy.random.seed(0)
        real, seeds = numpy.random.default_rng, iter(range(10**9))

        def default_rng(seed: Any = None) -> Any:
            return real(next(seeds) if seed is None else seed)

        numpy.random.default_rng = default_rng

    def _crash(self, error: BaseException) -> dict[str, Any]:
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.request["script"]:
                line = trace.tb_lineno
            trace = trace.tb_next
        message = str(error)
        if isinstance(error, SyntaxError) and error.filename == self.request["script"]:
            line, message = error.lineno or 0, error.msg
        return {
            "how": "crashed",
            "type": type(error).__name__,
            "message": message[:1000],
            "line": line,
        }

    def _clock(self) -> None:
        """End the run when its time is over, or when nobody waits for it any more."""
        end = self._begin + self.request["seconds"]
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
            is_alone = os.name == "posix" and os.getppid() != self.request["parent"]
            if is_alone:
                self.guard.remove_folder()
                _exit(1)
        self._out_of_time()

    def _out_of_time(self) -> None:
        """Note where it stands, write, and end."""
        with self.watch.lock:
            self.watch.close()
            self.watch.open(-1, -1)
        for _ in range(20):
            if not self.watch.on:
                break
            time.sleep(0.02)
        with self.watch.lock:
            self.ending = {"how": "out of time"}
            self.write()

    def write(self) -> None:
        """Write the file and end the process."""
        watch, place = self.watch, self.request["result"]
        with watch.lock:
            watch.end()
            self._without_limit()
            header = {
                "ending": self.ending,
                "notes": self.guard.notes,
                "output": self.guard.output.text(),
                "nodes": [node.to_json() for node in self.noting.nodes],
                "statements": self.maker.statements,
                "loops": self.maker.loops,
                "events": [watch.nodes, watch.refs],
                "windows": watch.windows,
                "ticks": watch.ticks,
                "ends": [(loop, *end) for loop, end in watch.ends.items()],
                "seconds": time.monotonic() - self._begin,
                "values": watch.values,
            }
            text = json.dumps(header).encode()
            with open(f"{place}.part", "wb") as file:
                file.write(len(text).to_bytes(8, "little"))
                file.write(text)
                file.write(watch.numbers.tobytes())
            _replace(f"{place}.part", place)
            _exit(0)


def _load(name: str) -> Any:
    """A module beside this file; its folder is not on the script's path."""
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_xortui_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    ScriptRun(request).run()


if __name__ == "__main__":
    main()
