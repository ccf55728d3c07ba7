"""Course and question files on disk: only regular, readable UTF-8 files of a bounded size, each fault with its file."""

import os
import signal
import socket

import pytest

from bot.config import Settings
from bot.content import read_banks, read_content, read_courses, read_text, unused_files
from bot.core.course.plain_yaml import MAX_CHARACTERS
from bot.errors import BadSettings, BrokenBank, BrokenCourse
from tests.conftest import course_text

QUESTION = """\
questions:
  - {id: q-1, module: b, kind: truth, difficulty: 1, prompt: It is so., answer: true, explanation: So.}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with one course, ``t-1``, that has a path ``a`` with a module ``b``."""
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "t-1.yaml").write_text(course_text({"a": {"b": []}}), "utf-8")
    (tmp_path / "questions" / "t-1").mkdir(parents=True)
    return tmp_path


@pytest.fixture(autouse=True)
def _no_wait():
    """Fail a test that would wait for a file."""
    signal.alarm(20)
    yield
    signal.alarm(0)


def faults(folder):
    with pytest.raises(BrokenCourse) as caught:
        read_courses(folder / "courses")
    return list(caught.value.faults)


def codes(folder):
    return [course.code for course in read_courses(folder / "courses")]


def test_dotfiles_are_skipped(folder):
    (folder / "courses" / "._t-1.yaml").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    (folder / "courses" / ".#t-1.yaml").symlink_to("ada@host.4711")
    (folder / "questions" / "t-1" / "._a.yaml").write_bytes(b"\xff\xfe")
    (folder / "questions" / ".DS_Store").write_bytes(b"\x00")
    assert codes(folder) == ["T-1"]
    assert read_banks(folder / "questions", read_courses(folder / "courses")) == {}
    assert unused_files(folder / "questions", read_courses(folder / "courses")) == []


@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.YAML", "x.Yml"])
def test_the_suffix_may_be_in_any_case(folder, name):
    (folder / "courses" / name).write_text(course_text({"a": {}}, "T-2"), "utf-8")
    assert codes(folder) == ["T-1", "T-2"]
    (folder / "courses" / name).write_text("code: [", "utf-8")
    assert faults(folder)[0].startswith(f"{name}:")


def _pipe(path):
    os.mkfifo(path)


def _socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


SPECIAL = {
    "pipe": (_pipe, "not a regular file"),
    "link to a pipe": (lambda path: (_pipe(path.with_name("pipe")), path.symlink_to("pipe")), "not a regular file"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
    "link to a terminal": (lambda path: path.symlink_to("/dev/tty"), "not a regular file"),
    "socket": (_socket, "not a regular file"),
    "folder": (lambda path: path.mkdir(), "not a regular file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "can't be read: Too many levels of symbolic links"),
    "link to nothing": (lambda path: path.symlink_to("gone"), "can't be read: No such file or directory"),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_only_regular_files_are_read_without_waiting(folder, kind, monkeypatch):
    make, says = SPECIAL[kind]
    monkeypatch.chdir(folder / "courses")
    make((folder / "courses" / "x.yaml").relative_to(folder / "courses"))
    assert faults(folder) == [f"x.yaml: {says}"]


def test_a_link_to_a_regular_file_is_read(folder):
    (folder / "t-2").write_text(course_text({"a": {}}, "T-2"), "utf-8")
    (folder / "courses" / "x.yaml").symlink_to("../t-2")
    assert codes(folder) == ["T-1", "T-2"]


def test_size_is_limited(folder):
    file = folder / "courses" / "x.yaml"
    with file.open("wb") as large:
        large.truncate(30 << 30)
    assert faults(folder) == ["x.yaml: larger than 5 MB; split the file"]
    file.write_bytes(b"#" * MAX_CHARACTERS)
    assert read_text(file, "x.yaml") == "#" * MAX_CHARACTERS


def test_each_file_that_is_not_utf_8_is_a_fault_with_its_line(folder):
    (folder / "courses" / "a.yaml").write_bytes(b"code: T-2\ntitle: Schl\xfcssel\n")
    (folder / "courses" / "b.yaml").write_bytes("code: T-3".encode("utf-16"))
    (folder / "courses" / "c.yaml").write_bytes(b"\n\n\xff")
    (folder / "courses" / "d.yaml").write_text("code: [", "utf-8")
    assert [each.partition("; ")[0] for each in faults(folder)][:3] == [
        "a.yaml:2: the text is not UTF-8",
        "b.yaml:1: the text is UTF-16",
        "c.yaml:3: the text is not UTF-8",
    ]
    assert faults(folder)[3].startswith("d.yaml:")
    assert len(faults(folder)) == 4
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (folder / "courses" / name).rename(folder / "questions" / "t-1" / name)
    (folder / "courses" / "d.yaml").unlink()
    with pytest.raises(BrokenBank) as caught:
        read_banks(folder / "questions", read_courses(folder / "courses"))
    assert [each.partition(": ")[0] for each in caught.value.faults] == [
        "t-1/a.yaml:2",
        "t-1/b.yaml:1",
        "t-1/c.yaml:3",
    ]


def test_a_byte_order_mark_is_removed(folder):
    file = folder / "courses" / "t-1.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert codes(folder) == ["T-1"]
    assert read_text(file, "t-1.yaml").startswith("code")


def test_two_question_files_for_one_path_are_a_fault_that_names_both(folder):
    for name in ("a.yaml", "a.yml"):
        (folder / "questions" / "t-1" / name).write_text(QUESTION, "utf-8")
    with pytest.raises(BrokenBank) as caught:
        read_banks(folder / "questions", read_courses(folder / "courses"))
    assert caught.value.faults == ("t-1/a.yaml: a.yml is for the same learning path; keep one of the files",)


def test_a_question_file_of_any_suffix_is_used(folder):
    (folder / "questions" / "t-1" / "a.YAML").write_text(QUESTION, "utf-8")
    assert len(read_banks(folder / "questions", read_courses(folder / "courses"))["t-1"]) == 1


def test_unused_files_are_named(folder):
    (folder / "questions" / "t-2").mkdir()
    (folder / "questions" / "t-1" / "a.yaml.txt").touch()
    said = unused_files(folder / "questions", read_courses(folder / "courses"))
    assert [each.partition(": ")[0] for each in said] == [
        str(folder / "questions" / "t-2"),
        str(folder / "questions" / "t-1" / "a.yaml.txt"),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("questions_dir", "gone"),
        ("questions_dir", "courses/t-1.yaml"),
        ("courses_dir", "gone"),
        ("courses_dir", "questions"),
        ("courses_dir", "courses/t-1.yaml"),
    ],
)
def test_an_unusable_folder_is_reported_as_a_setting(folder, setting, value):
    paths = {"courses_dir": folder / "courses", setting: folder / value}
    with pytest.raises(BadSettings, match=f"^{setting.upper()}: .*{value}") as caught:
        read_content(Settings(_env_file=None, **paths))
    assert (caught.value.exit_code, str(caught.value).count("\n")) == (78, 0)


def test_banks_are_optional_if_their_folder_is_not_set(folder):
    (folder / "questions" / "t-1").rmdir()
    (folder / "questions").rmdir()
    assert read_content(Settings(_env_file=None, courses_dir=folder / "courses")).banks == {}
