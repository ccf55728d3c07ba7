"""Uploaded files: archives, encodings, question sheets, and the faults that name the uploaded file."""

import csv
import io
import zipfile
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.authoring.archive import MAX_FILES, text_of, unpacked
from bot.core.authoring.question_sheet import question_files, written
from bot.core.authoring.upload import hosts, read_upload
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import MAX_BYTES, CourseFiles
from bot.errors import BrokenCourse

COURSE = """
code: NAV-1
title: Coastal navigation
overview: How to find your way along a coast.
paths:
  - id: charts
    title: Charts
    url: https://coast.example/charts
    modules:
      - id: symbols
        title: Symbols
        url: https://coast.example/symbols
        units:
          - {id: buoys, title: Buoys, kind: reading, minutes: 5}
          - {id: lights, title: Lights, kind: reading, minutes: 5}
  - id: tides
    title: Tides
    url: https://tides.example/tides
    modules:
      - id: heights
        title: Heights
        units:
          - {id: tables, title: Tables, kind: reading, minutes: 5}
"""
SHEET = """Prompt,Options,Correct,Explanation,Reference
What color is a port buoy in Europe?,Red|Green|Yellow,A,"Red marks port, green marks starboard.",https://coast.example/symbols/buoys
"Which two
are lights?",Flashing|Occulting|Striped,"A, B",Both are rhythms.,https://coast.example/symbols/lights
"""
CSV = SHEET.encode()
BYTES = COURSE.encode()
URL = "https://coast.example/symbols/buoys"


@pytest.fixture(scope="module")
def reader():
    return CourseReader()


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def faults_of(uploaded, reader, base=None):
    with pytest.raises(BrokenCourse) as caught:
        read_upload(uploaded, base, reader)
    return caught.value.faults


def test_a_zip_with_a_course_and_a_sheet_becomes_a_course_with_questions(reader):
    upload = read_upload({"nav.zip": zipped({"nav/nav-1.yaml": COURSE, "nav/questions.csv": CSV})}, None, reader)
    bank = upload.content.bank
    assert [(q.route, q.unit, q.kind, q.right) for q in bank.questions.values()] == [
        ("charts/symbols", "charts/symbols/buoys", "single", (0,)),
        ("charts/symbols", "charts/symbols/lights", "multiple", (0, 1)),
    ]
    assert list(bank.questions.values())[1].prompt == "Which two\nare lights?"
    assert hosts(upload.content.course) == ("coast.example", "tides.example")
    again = read_upload({"course.yaml": upload.files.course.encode()}, upload.files, reader)
    assert again.files == upload.files
    assert again.content.bank.questions == bank.questions


def test_only_what_is_uploaded_is_replaced(reader):
    base = read_upload({"a.yaml": COURSE.encode(), "q.csv": CSV}, None, reader).files
    renamed = read_upload({"a.yaml": changed("Coastal", "Inshore")}, base, reader)
    assert renamed.content.course.title == "Inshore navigation"
    assert renamed.files.questions == base.questions
    without = COURSE.split("  - id: tides", maxsplit=1)[0].replace("id: charts", "id: maps")
    assert read_upload({"a.yaml": without.encode()}, base, reader).files.questions == {}
    more = b"path,prompt,correct,explanation,url\ntides,Is it wet?,true,It is the sea.,https://tides.example/x\n"
    both = read_upload({"tides.csv": more}, base, reader)
    assert sorted(both.files.questions) == ["charts.yaml", "tides.yaml"]
    assert len(both.content.bank) == 3


@pytest.mark.parametrize("encode", [
    lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.encode("utf-16"),
    lambda text: text.replace("\n", "\r\n").encode(), lambda text: text.replace(",", ";", 5).encode(),
])  # fmt: skip
def test_what_spreadsheets_save_can_be_read(encode, reader):
    sheet = "Prompt,Options,Correct,Explanation,Reference\nWet?,Yes|No,1,Sea.,https://coast.example/symbols/buoys\n"
    if encode(sheet).count(b";"):
        sheet = sheet.replace(",", ";")
        encode = str.encode
    upload = read_upload({"a.yaml": COURSE.encode(), "q.csv": encode(sheet)}, None, reader)
    assert [q.prompt for q in upload.content.bank.questions.values()] == ["Wet?"]


ROWS = {
    f"Q?,A|B,C,E.,{URL}": "correct: “C” is not an option; write its letter, A to B",
    f"Q?,A|B,,E.,{URL}": "correct: is missing; write the letter of the correct option",
    f"Q?,,maybe,E.,{URL}": "correct: without options, write true or false",
    "Q?,A|B,A,E.,": "which learning path is it about? Add a column “path” with charts, tides",
    f",A|B,A,E.,{URL}": "prompt: is missing",
    f"Q?,A|B,A,,{URL}": "questions > 1 > explanation: String should have at least 1",
    f"{'Q' * 710}?,A|B,A,E.,{URL}": "questions > 1 > prompt: String should have at most",
    f"Q?,A|B,A,E.,{URL},6": "more cells than the first row; put texts with commas in quotes",
    f"Q?,A|A,A,E.,{URL}": "questions > 1 > options > 2",
}


@pytest.mark.parametrize(("row", "fault"), ROWS.items())
def test_a_fault_of_a_sheet_has_its_line(row, fault, reader):
    sheet = f"prompt,options,correct,explanation,reference\n{row}\n".encode()
    [found] = faults_of({"a.yaml": BYTES, "q.csv": sheet}, reader)
    assert found.startswith(f"q.csv:2: {fault}")


def test_faults_name_the_columns(reader):
    faults = faults_of({"a.yaml": COURSE.encode(), "q.csv": b"prompt,right,right\nQ?,A,B\n"}, reader)
    assert faults[:2] == (
        "q.csv:1: there is no column “correct”; the first row names the columns",
        "q.csv:1: there is no column “explanation”; the first row names the columns",
    )
    assert any("“right” is not a column; use prompt, correct, explanation, options" in fault for fault in faults)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=80), st.lists(
    st.text(min_size=1, max_size=20), min_size=2, max_size=5, unique_by=lambda text: text.strip().casefold()
)), min_size=1, max_size=5))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_a_question_keeps_its_line_in_the_sheet(rows):
    course = CourseReader().read(COURSE.split("  - id: tides", maxsplit=1)[0], "c")
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["prompt", "options", "correct", "explanation"])
    expected = []
    for prompt, options in rows:
        clean = [
            "".join(c for c in text if category(c)[0] not in "CZ" and c != "|") or "x" for text in (prompt, *options)
        ]
        line = buffer.getvalue().count("\n") + 1
        writer.writerow([clean[0], "|".join(clean[1:]), "1", "E."])
        expected.append((line, clean[0]))
    [(_, file)] = question_files(buffer.getvalue(), "q.csv", course).items()
    lines = file.splitlines()
    assert len(lines) == expected[-1][0]
    assert "questions:" in written(file)
    for line, prompt in expected:
        assert lines[line - 1].startswith("- ")
        assert prompt.replace("\\", "\\\\").replace('"', '\\"') in lines[line - 1]


def changed(old, new):
    return COURSE.replace(old, new).encode()


HOSTILE = {
    "a bomb": ({"b.zip": zipped({"a.yaml": b"a" * (MAX_BYTES + 1)})}, "a.yaml: larger than 512 KB"),
    "too many files": ({"b.zip": zipped({f"{n}.md": b"x" for n in range(MAX_FILES + 1)})}, "b.zip: 61 files"),
    "nested": ({"b.zip": zipped({"c.zip": zipped({"a.yaml": COURSE})})}, "c.zip: an archive within an archive"),
    "a path upward": ({"b.zip": zipped({"../../a.yaml": COURSE})}, "b.zip: the archive is empty"),
    "a program": ({"b.zip": zipped({"/etc/a.exe": b"x"})}, "a.exe: a file of this kind can't be used"),
    "twice": ({"b.zip": zipped({"x/a.yaml": COURSE, "y/a.yaml": COURSE})}, "b.zip: two files are named a.yaml"),
    "not a zip": ({"b.zip": b"PK\x03\x04nothing"}, "b.zip: not a readable zip archive"),
    "cut off": ({"b.zip": zipped({"a.yaml": COURSE})[:-30]}, "b.zip: not a readable zip archive"),
    "bzip2": ({"b.zip": zipped({"a.yaml": COURSE}, zipfile.ZIP_BZIP2)}, "a.yaml: compressed in an unusual way"),
    "empty zip": ({"b.zip": zipped({"__MACOSX/a.yaml": COURSE})}, "b.zip: the archive is empty"),
    "Excel": ({"q.xlsx": b"PK"}, "q.xlsx: a file of this kind can't be used; save the sheet as CSV"),
    "latin-1": ({"a.yaml": COURSE.replace("Buoys", "Bojen für").encode("latin-1")}, "a.yaml:14: not UTF-8 text"),
    "a NUL": ({"a.yaml": changed("Buoys", "Bu\0oys")}, "a.yaml:14: an invisible character (U+0000)"),
    "reversed text": ({"a.yaml": changed("Buoys", "\u202esyouB")}, "a.yaml:14: an invisible character (U+202E)"),
    "two courses": ({"a.yaml": BYTES, "b.yaml": BYTES}, "a.yaml, b.yaml: more than one course"),
    "no course": ({"q.csv": CSV}, "There is no course file; upload one with `code`"),
    "an alias bomb": ({"a.yaml": ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(9 * [f'*{chr(97 + n)}'])}]\n" for n in range(9))).encode()},
        "a.yaml:5: more than 100,000 values"),
    "deep nesting": ({"a.yaml": ("code: " + 1000 * "[").encode()}, "a.yaml:1: nested deeper than 32 levels"),
    "a tag": ({"a.yaml": b"code: !!python/object:os.system x"}, "a.yaml:1: the tag !!python/object:os.system"),
    "tabs": ({"a.yaml": changed("  - id: charts", "\t- id: charts")}, "a.yaml:6: not YAML: found"),
    "curly quotes": ({"a.yaml": changed("title: Charts", "title: “Charts: all")}, "a.yaml:7: not YAML"),
    "http": ({"a.yaml": changed("https://tides", "http://tides")}, "a.yaml: “Tides”: http://tides.example"),
    "a password": ({"a.yaml": changed("https://tides", "https://x@tides")}, "a.yaml: “Tides”: https://x@"),
    "javascript": ({"a.yaml": changed("https://tides", "javascript://tides")}, "a.yaml:18: paths > 2 > url"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_have_a_clear_fault(case, reader):
    uploaded, fault = HOSTILE[case]
    assert faults_of(uploaded, reader)[0].startswith(fault)


def test_curly_quotes_get_a_hint(reader):
    [fault] = faults_of({"a.yaml": changed("title: Charts", "title: “Charts: all")}, reader)
    assert "curly quotes don't work here; use straight ones" in fault


@given(st.binary(max_size=400), st.sampled_from(["a.zip", "a.yaml", "a.md", "q.csv", "a"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content, name):
    with pytest.raises(BrokenCourse):
        read_upload({name: content}, CourseFiles(COURSE) if name == "q.csv" else None, CourseReader())


@given(st.dictionaries(st.sampled_from(["a.yaml", "x/b.md", "c.csv"]), st.binary(max_size=100), min_size=1))
def test_an_archive_contains_its_files(files):
    found = unpacked({"f.zip": zipped(files)})
    assert sorted(found.values()) == sorted(files.values())


def test_joined_emojis_can_be_read():
    assert text_of("👩‍🚀 نمی‌خواهم".encode(), "a") == "👩‍🚀 نمی‌خواهم"
