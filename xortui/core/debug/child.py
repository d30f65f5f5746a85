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
import types
from typing import Any


class Run:
    """One run of a script, from the request to the file."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.watch = _load("watch").Watch(request.get("windows"))
        self.ending: dict[str, Any] = {"how": "ended"}
        self._written = threading.Lock()

    def run(self) -> None:
        """Run it to its end, or to the time limit."""
        instrument = _load("instrument")
        guard = _load("guard").Guard(self.request["folder"])
        path = self.request["script"]
        source = self.request["source"]
        maker = instrument.Instrument(source)
        tree = maker.visit(ast.parse(source, path))
        code = compile(tree, path, "exec")
        self.maker, self.guard = maker, guard
        if self.request.get("windows"):
            self.watch.enough = self.write
        self._limits()
        sys.argv = [path, *self.request["arguments"]]
        sys.path[0] = os.path.dirname(os.path.abspath(path))
        guard.install()
        if "numpy" in source:
            self._seed_numpy()
        guard.seed()
        setattr(builtins, instrument.WATCH, self.watch)
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=path, __builtins__=builtins)
        sys.modules["__main__"] = main
        clock = threading.Timer(self.request["seconds"], self._out_of_time)
        clock.daemon = True
        clock.start()
        try:
            exec(code, main.__dict__)
        except SystemExit:
            pass
        except BaseException as error:
            self.ending = self._crash(error)
        clock.cancel()
        self.write()

    def _limits(self) -> None:
        try:
            import resource
        except ImportError:  # Windows
            return
        most = self.request["memory"]
        try:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except (ValueError, OSError):
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
        function = ""
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.request["script"]:
                line = trace.tb_lineno
                function = trace.tb_frame.f_code.co_name
            trace = trace.tb_next
        return {
            "how": "crashed",
            "type": type(error).__name__,
            "message": str(error)[:1000],
            "line": line,
            "function": function,
        }

    def _out_of_time(self) -> None:
        """Note where it stands, write, and end."""
        self.watch.close()
        self.watch.open(-1, -1)
        pause = threading.Event()
        for _ in range(20):
            if not self.watch.on:
                break
            pause.wait(0.02)
        self.watch.close()
        self.ending = {"how": "out of time"}
        self.write()

    def write(self) -> None:
        """Write the file and end the process."""
        with self._written:
            watch = self.watch
            watch.enough = None
            watch.close()
            header = {
                "ending": self.ending,
                "notes": self.guard.notes,
                "output": self.guard.output.text(),
                "nodes": [node.to_json() for node in self.maker.nodes],
                "statements": self.maker.statements,
                "loops": self.maker.loops,
                "events": [watch.nodes, watch.refs],
                "windows": watch.windows,
                "ticks": watch.ticks,
                "values": watch.values,
            }
            text = json.dumps(header).encode()
            with open(self.request["result"], "wb") as file:
                file.write(len(text).to_bytes(8, "little"))
                file.write(text)
                file.write(watch.numbers.tobytes())
            os._exit(0)


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
    Run(request).run()


if __name__ == "__main__":
    main()
