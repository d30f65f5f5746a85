"""Whatever a script does to files: nothing beside it, and none of its own files, is changed."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from xortui.core.debug.examine import examine
from xortui.core.debug.report import NO_NETWORK

pytestmark = pytest.mark.slow

# Each is run in a folder with data.txt ("kept") and a folder named full, and must not crash.
HARMLESS = {
    "open": "open('new.txt', 'w').write('x'); assert open('new.txt').read() == 'x'",
    "append": "open('data.txt', 'a').write('!'); assert open('data.txt').read() == 'kept!'",
    "read and write": "f = open('data.txt', 'r+'); f.truncate(0); f.close()",
    "low": "import os; os.close(os.open('new.txt', os.O_CREAT | os.O_RDWR | os.O_EXCL))",
    "low, of a file": "import os; os.close(os.open('data.txt', os.O_WRONLY | os.O_TRUNC))",
    "low, truncated": "import os; os.close(os.open('data.txt', os.O_RDONLY | os.O_TRUNC))",
    "truncate": "import os; os.truncate('data.txt', 1); assert open('data.txt').read() == 'k'",
    "remove": "import os; os.remove('data.txt')",
    "rename": "import os; os.rename('data.txt', 'new'); assert open('new').read() == 'kept'",
    "replace": "import os; open('t', 'w').write('x'); os.replace('t', 'data.txt'); "
    "assert open('data.txt').read() == 'x'",
    "move out": "import os, tempfile; n = tempfile.mktemp(); open(n, 'w').write('x'); "
    "os.replace(n, 'data.txt'); os.rename(n, 'new.txt') if os.path.exists(n) else None",
    "link": "import os; os.link('data.txt', 'new.txt'); os.symlink('data.txt', 'other.txt')",
    "link in": "import os, tempfile; n = tempfile.mktemp(); os.link('data.txt', n); "
    "open(n, 'w').write('x')",
    "symlink in": "import os, tempfile; n = tempfile.mktemp(); "
    "os.symlink(os.path.abspath('data.txt'), n); open(n, 'w').write('x')",
    "folders": "import os; os.makedirs('a/b', exist_ok=True); os.mkdir('c'); os.rmdir('full')",
    "rmtree": "import shutil; shutil.rmtree('full')",
    "copy": "import shutil; shutil.copy('data.txt', 'new.txt'); shutil.move('data.txt', 'b')",
    "mode": "import os; os.chmod('data.txt', 0o777); os.utime('data.txt', (0, 0))",
    "pathlib": "from pathlib import Path; Path('new').touch(); Path('data.txt').write_text('x'); "
    "Path('data.txt').rename('b'); Path('c').mkdir()",
    "sqlite": "import sqlite3; c = sqlite3.connect('runs.db'); c.execute('create table t (x)'); "
    "c.commit(); c.close(); assert sqlite3.connect(':memory:')",
    "shelf": "import shelve; s = shelve.open('runs'); s['x'] = 1; s.close(); "
    "assert shelve.open('runs')['x'] == 1",
    "temporary": "import tempfile\nwith tempfile.TemporaryDirectory() as d: "
    "open(d + '/x', 'w').write('x')\nwith tempfile.NamedTemporaryFile() as f: f.write(b'x')",
    "json, pickle, log": "import json, pickle, logging; json.dump(1, open('a', 'w')); "
    "pickle.dump(1, open('b', 'wb')); logging.basicConfig(filename='c'); logging.error('x')",
    "numpy": "import numpy as np; a = np.zeros(3); np.save('a.npy', a); a.tofile('b'); "
    "np.savez('c', a=a); np.savetxt('d', a); m = np.memmap('e', mode='w+', shape=(3,)); m[0] = 1",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data.txt").write_text("kept", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "inner.txt").write_text("kept, too", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_nothing_is_changed_and_the_script_goes_on(
    folder: Path,
    source: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    path = folder / "script.py"
    path.write_text(source, encoding="utf-8")
    before = contents(folder), (folder / "data.txt").stat()
    report = examine(str(path), source)
    assert report.verdict == NO_NETWORK, report.sentence
    after = contents(folder), (folder / "data.txt").stat()
    assert after[0] == before[0]
    assert after[1].st_mode == before[1].st_mode
    assert after[1].st_mtime_ns == before[1].st_mtime_ns
    assert os.listdir(temporary) == []


@pytest.mark.skipif(sys.platform == "win32", reason="names of functions that Windows has not")
@pytest.mark.parametrize(
    "call",
    [
        "posix.rename('data.txt', 'new')",
        "posix.truncate('data.txt', 0)",
        "posix.symlink('data.txt', 'new')",
        "posix.link('data.txt', 'new')",
        "posix.open('data.txt', posix.O_WRONLY | posix.O_TRUNC)",
        "posix.remove('data.txt')",
        "posix.mkdir('new')",
        "posix.chmod('data.txt', 0)",
        "_io.FileIO('data.txt', 'w')",
        "_sqlite3.connect('runs.db')",
        "posix.fork()",
    ],
)
def test_what_goes_past_all_that_is_forbidden(folder: Path, call: str) -> None:
    before = contents(folder)
    report = examine("script.py", f"import posix, _io, _sqlite3\n{call}\n")
    assert "xortui lets a script" in report.sentence
    assert report.line == 2
    assert contents(folder) == before


def test_no_folder_of_ours_is_made_in_theirs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where TMPDIR is the script's folder, temporary files go somewhere else."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    source = "import os\nprint(sorted(os.listdir('.')))\n"
    report = examine(str(folder / "script.py"), source)
    assert report.output == "['data.txt', 'full']\n"
