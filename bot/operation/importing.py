"""Import course pages (Markdown files or folders of them) and catalogs (JSON): write a course file for each."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.authoring.catalog import MAX_CATALOG, read_catalog
from bot.core.authoring.page import MAX_PAGE, read_page, to_yaml
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.errors import BadInput, StudyError

SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
STANDARD_OUTPUT = "-"

# Opening a named pipe would wait for a writer.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """The course of a page, the text of its course file, and ``notes`` on what was left out, changed or guessed."""

    name: str
    course: Course
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one page: a message, notes, and whether a course file was written."""

    message: str
    notes: tuple[str, ...] = ()
    written: bool = True


class Importer:
    """Imports pages and catalogs into course files. ``to`` is a file, a folder, ``-`` or None for the working folder.

    ``picks`` and ``code`` are for catalogs: see ``read_catalog``.
    """

    def __init__(self, to: Path | None, *, force: bool, picks: Sequence[str] = (), code: str = "") -> None:
        self._to, self._force = to, force
        self._picks, self._code = picks, code
        self._reader = CourseReader()
        self._written: dict[Path, str] = {}

    def results(self, source: Path) -> Iterator[Result]:
        """Import ``source``, or each Markdown page below it, and yield the results.

        Raises ``BadInput`` if a single page can't be imported or a folder has no pages.
        """
        if not source.is_dir():
            yield self._write(self.read(source, source.name))
            return
        if self._to and (str(self._to) == STANDARD_OUTPUT or self._to.is_file()):
            raise BadInput(f"{source} is a folder, so --to has to be a folder as well.")
        pages = pages_in(source)
        if not pages:
            raise BadInput(f"{source}: there is no Markdown page (*.md) in this folder.")
        if self._to:
            _make_folder(self._to)
        for page in pages:
            try:
                yield self._write(self.read(page, page.relative_to(source).as_posix()))
            except StudyError as error:
                yield Result(str(error), written=False)

    def read(self, file: Path, name: str) -> ImportedPage:
        """Read one page or catalog. ``name`` is used in messages. Raises ``BadInput`` if it can't be read."""
        if file.suffix.lower() == ".json":
            page = read_catalog(_read_text(file, name, MAX_CATALOG), name, self._picks, self._code)
        else:
            page = read_page(_read_text(file, name), name)
        text = to_yaml(page)
        return ImportedPage(name, self._reader.read(text, f"{name} as a course file"), text, page.notes)

    def _write(self, page: ImportedPage) -> Result:
        file = f"{page.course.id}.yaml"
        target = self._to / file if self._to and self._to.is_dir() else self._to or Path(file)
        if str(target) == STANDARD_OUTPUT:
            return Result(page.text, page.notes)
        if target in self._written:
            other = self._written[target]
            raise BadInput(f"{page.course.code}: {target} was already written from {other} (this is {page.name}).")
        if target.exists() and not self._force:
            raise BadInput(f"{target} is already there. Name another file with --to, or replace it with --force.")
        try:
            target.write_text(page.text, "utf-8")
        except OSError as error:
            raise BadInput(f"{target} can't be written: {error.strerror}. Name another file with --to.") from error
        self._written[target] = page.name
        modules = sum(len(path.modules) for path in page.course.paths)
        counts = [_count(len(page.course.paths), "path"), *([_count(modules, "module")] if modules else [])]
        message = f"{target}: {page.course.code} with {', '.join(counts)}. Put it into COURSES_DIR to serve it."
        return Result(message, page.notes)


def pages_in(folder: Path) -> list[Path]:
    """Return the Markdown files below ``folder``, sorted. Hidden files and folders and linked folders are skipped."""
    found: list[Path] = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root, name) for name in files if not name.startswith(".")]
    return sorted(file for file in found if file.suffix.lower() in SUFFIXES)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _read_text(file: Path, name: str, most: int = 4 * MAX_PAGE + 3) -> str:
    """Read a regular UTF-8 file of at most ``most`` bytes."""
    try:
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _OPEN)) as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise BadInput(f"{name} is not a regular file. Give a Markdown file or a folder.")
            content = opened.read(most + 1)
    except OSError as error:
        raise BadInput(f"{name} can't be read: {error.strerror}.") from error
    if len(content) > most and most == MAX_CATALOG:
        raise BadInput(f"{name} is too large. A catalog can have {MAX_CATALOG // 1_000_000} MB.")
    if len(content) > most:
        raise BadInput(f"{name} is no course page. Give a Markdown text of at most {MAX_PAGE:,} characters.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{name}:{line}: the file is not UTF-8 text. Save it as UTF-8.") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} can't be created: {error.strerror}. Name another folder with --to.") from error
