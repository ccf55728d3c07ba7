"""Importing pages: one file or a folder, a result for each page, and no partly written files."""

import os
from pathlib import Path

import pytest

from bot.core.authoring.page import MAX_PAGE
from bot.core.course.reading import CourseReader
from bot.errors import BadInput
from bot.operation.importing import Importer, Result, pages_in

PAGE = (
    "# {code}: Lights\n\nOn lamps.\n\n## Learning paths\n\n- [ ] [Lamp](https://c.example/lamp)\n  - Wick\n- [ ] Horn\n"
)


def write(folder: Path, **pages: str) -> Path:
    """Write a page for each course code, under the given name without its suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in pages.items():
        (folder / f"{name}.md").write_text(PAGE.format(code=code), "utf-8")
    return folder


def results(source: Path, to: Path | None, *, force: bool = False) -> list[Result]:
    return list(Importer(to, force=force).results(source))


def test_each_page_of_a_folder_becomes_a_course_file(tmp_path: Path) -> None:
    source, to = write(tmp_path / "pages", one="LH-210", two="LH-220"), tmp_path / "new" / "courses"
    write(source / "deep", three="LH-230")
    (source / "deep" / "FOUR.MARKDOWN").write_text(PAGE.format(code="LH-240"), "utf-8")
    (source / "notes.txt").write_text("no page", "utf-8")
    found = results(source, to)
    assert [result.written for result in found] == [True] * 4
    assert f"{to / 'lh-210.yaml'}: LH-210 with 2 paths, 1 module" in {result.message.split(". ")[0] for result in found}
    courses = CourseReader().read_all({file.name: file.read_text("utf-8") for file in to.iterdir()})
    assert [course.code for course in courses] == ["LH-210", "LH-220", "LH-230", "LH-240"]


def test_an_invalid_page_does_not_affect_others(tmp_path: Path) -> None:
    source, to = write(tmp_path / "pages", a="LH-210", c="LH-210", d="LH-220"), tmp_path / "courses"
    write(source / "sub")
    (source / "sub" / "b.md").write_text("# LH-230\n\n## Labs\n\n- One\n", "utf-8")
    (source / "e.md").write_bytes(b"# LH-240\n\n\xff\n")
    (source / "f.md").write_text("x" * (MAX_PAGE + 1), "utf-8")
    (source / "g.md").write_text("é" * (4 * MAX_PAGE), "utf-8")
    said = {result.message.split()[0]: result for result in results(source, to)}
    assert sorted(file.name for file in to.iterdir()) == ["lh-210.yaml", "lh-220.yaml"]
    assert not said["sub/b.md"].written
    assert "lists no learning paths" in said["sub/b.md"].message
    assert "- sub/b.md:3: section “Labs” is unknown" in said["sub/b.md"].message
    assert said["LH-210:"].message == f"LH-210: {to / 'lh-210.yaml'} was already written from a.md (this is c.md)."
    assert said["e.md:3:"].message == "e.md:3: the file is not UTF-8 text. Save it as UTF-8."
    assert "at most 100,000 characters" in said["f.md"].message
    assert "at most 100,000 characters" in said["g.md"].message


def test_hidden_linked_and_special_files_are_skipped(tmp_path: Path) -> None:
    source = write(tmp_path / "pages", one="LH-210")
    write(source / ".git", two="LH-220")
    (source / "._one.md").write_text("x", "utf-8")
    (source / "loop").symlink_to(source)
    assert pages_in(source) == [source / "one.md"]
    os.mkfifo(source / "pipe.md")
    (source / "null.md").symlink_to("/dev/null")
    (source / "gone.md").symlink_to(source / "nowhere")
    found = [result.message for result in results(source, tmp_path / "courses")]
    assert found[0].startswith("gone.md can't be read: ")
    assert found[1] == "null.md is not a regular file. Give a Markdown file or a folder."
    assert found[3] == "pipe.md is not a regular file. Give a Markdown file or a folder."


def test_notes_name_the_page(tmp_path: Path) -> None:
    source = write(tmp_path / "pages" / "sub", one="LH-210").parent
    page = source / "sub" / "one.md"
    page.write_text(page.read_text("utf-8") + "\n## Thanks\n", "utf-8")
    (result,) = results(source, tmp_path / "courses")
    assert result.notes[0].startswith("sub/one.md:11: section “Thanks” is unknown")


def test_existing_files_are_replaced_only_with_force(tmp_path: Path) -> None:
    source, to = write(tmp_path / "pages", one="LH-210", two="LH-220"), tmp_path / "courses"
    to.mkdir()
    (to / "lh-210.yaml").write_text("mine", "utf-8")
    assert [result.written for result in results(source, to)] == [False, True]
    assert (to / "lh-210.yaml").read_text("utf-8") == "mine"
    assert [result.written for result in results(source, to, force=True)] == [True, True]
    assert "code: LH-210" in (to / "lh-210.yaml").read_text("utf-8")


@pytest.mark.parametrize("to", ["-", "file.yaml"])
def test_a_folder_is_imported_only_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.yaml").write_text("mine", "utf-8")
    source = write(tmp_path / "pages", one="LH-210")
    with pytest.raises(BadInput, match="--to has to be a folder"):
        results(source, Path(to))
    with pytest.raises(BadInput, match="no Markdown page"):
        results(write(tmp_path / "empty"), None)


def test_a_single_page_can_go_into_a_folder_or_be_printed(tmp_path: Path) -> None:
    page = write(tmp_path / "pages", one="LH-210") / "one.md"
    to = tmp_path / "courses"
    to.mkdir()
    (result,) = results(page, to)
    assert result.message.startswith(f"{to / 'lh-210.yaml'}: LH-210 with 2 paths")
    (printed,) = results(page, Path("-"))
    assert printed.message == (to / "lh-210.yaml").read_text("utf-8")
    with pytest.raises(BadInput, match="can't be read"):
        results(tmp_path / "gone.md", None)
    with pytest.raises(BadInput, match="can't be written"):
        results(page, tmp_path / "gone" / "course.yaml")
