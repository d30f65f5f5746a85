"""Data from a CSV file: a header or not, and one sentence with the line for every bad row."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import examples
from xortui.core.model.data_file import MAX_DATA_ROWS, DataError, DataFile

ROWS = "1,2.5,0\n-3,4e1,1\n0.1,.5,1\n7,8,0\n"


def read(folder: Path, content: str | bytes) -> DataFile:
    path = folder / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return DataFile.read(str(path))


@pytest.mark.parametrize(
    "content",
    [
        ROWS,
        "x,y,label\n" + ROWS,
        "\ufeffx,y,label\n" + ROWS,
        ROWS.replace("\n", "\r\n"),
        ROWS.replace("\n", "\r"),
        "\n" + ROWS.replace("\n", "\n\n"),
        ROWS.replace(",", " , "),
        '"a, b","c","y"\n' + ROWS.replace("1,2.5", '"1","2.5"'),
        ROWS.replace("0\n", "0.0\n").rstrip(),
    ],
)
def test_rows_are_inputs_and_then_a_label(tmp_path: Path, content: str) -> None:
    data = read(tmp_path, content)
    assert data.inputs == ((1.0, 2.5), (-3.0, 40.0), (0.1, 0.5), (7.0, 8.0))
    assert data.labels == (0, 1, 1, 0)
    assert data.name == "data.csv"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it has 0 rows of numbers: at least 4 are needed"),
        ("a,b,label\n", "it has 0 rows"),
        ("1,2,0\n3,4,1\n", "it has 2 rows"),
        (ROWS + "5,6\n", "line 5 has one input: two to 8 are needed"),
        (ROWS + "5\n", "line 5 has one column"),
        (ROWS.replace(",", ";"), "line 2 has one column"),
        (ROWS + "5,6,7,1\n", "line 5 has 4 columns, where the rows before have 3"),
        (ROWS + "5,x,1\n", 'line 5 has "x" in column 2: a number is needed'),
        (ROWS + "5,,1\n", "line 5 has nothing in column 2: a number is needed"),
        (ROWS + "5,1_0,1\n", 'line 5 has "1_0" in column 2'),
        (ROWS + "5,nan,1\n", 'line 5 has "nan" in column 2: numbers go from -1,000,000'),
        (ROWS + "inf,5,1\n", 'line 5 has "inf" in column 1'),
        (ROWS + "5,1e7,1\n", 'line 5 has "1e7" in column 2'),
        (ROWS + "5,6,2\n", 'line 5 has "2" as its label, the last column: 0 or 1 is needed'),
        (ROWS + "5,6,\n", "line 5 has nothing as its label"),
        (ROWS + "5,6,yes\n", 'line 5 has "yes" as its label'),
        ("x,1,label\n" + ROWS, 'line 1 has "x" in column 1'),
        (ROWS + "a,b,label\n" + ROWS, 'line 5 has "a" in column 1'),
        ("1,2,3,4,5,6,7,8,9,0\n" * 4, "line 1 has 9 inputs: two to 8 are needed"),
        ("1,2,0\n" * (MAX_DATA_ROWS + 1), "line 2001 is one too many"),
        (ROWS + '5,"6,1\n', "line 5 is not valid CSV"),
        (ROWS.encode() + b"5,\xff,1\n", "line 5 is not text in UTF-8"),
        (b"\0" * 2**21, "it is larger than 1024 KiB"),
        (ROWS + "5," + "9" * 5000 + ",1\n", "line 5 has"),
        (ROWS + "5,\x1b[31m,1\n", r'line 5 has "\u001b[31m" in column 2'),
    ],
)
def test_a_bad_row_is_named_by_its_line_in_one_sentence(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert message.startswith(words)
    assert message.isprintable()
    assert len(message) < 200


@examples(50)
@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3, st.integers(0, 1)), min_size=4, max_size=20))
def test_numbers_keep_their_bits_through_a_file_of_a_run(rows: list[tuple[float, ...]]) -> None:
    data = DataFile("a.csv", tuple(row[:3] for row in rows), tuple(int(row[3]) for row in rows))
    again = DataFile.from_json(data.to_json())
    assert again == data
    assert np.array(again.inputs).tobytes() == np.array(data.inputs).tobytes()


@examples(100)
@given(st.text() | st.from_regex(r"([-+0-9.e,x\"]{0,8}\n){0,6}"))
def test_whatever_a_file_holds_there_are_rows_or_one_sentence(text: str) -> None:
    said = ""
    try:
        DataFile.from_json({"name": "a", "rows": text.split("\n")})
    except ValueError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1


def test_a_name_from_outside_means_nothing_in_a_program_or_a_terminal() -> None:
    rows = ((0.0, 1.0),) * 4
    for path in ('a";import os"""', "[bold]", "\x1b]0;x\x07", "a b/c\nd", "/"):
        assert set('"[]\x1b\n; ()/') & set(DataFile(path, rows, (0, 1, 0, 1)).name) == set()
