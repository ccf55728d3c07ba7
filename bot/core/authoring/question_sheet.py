"""Convert a spreadsheet of questions (CSV) to question files."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from io import StringIO
from typing import Any

from bot.core.authoring.text import short, slug
from bot.core.authoring.yaml_text import yaml_text
from bot.core.course.course import Course, Module, Path
from bot.core.questions.question import LETTERS, MAX_ID
from bot.errors import BrokenCourse

REQUIRED = ("prompt", "correct", "explanation")
COLUMNS = (*REQUIRED, "options", "reference", "path", "module", "skill", "difficulty", "id")
"""Names of columns, in any order. ``option a`` to ``option f`` can replace ``options``."""
DEFAULT_DIFFICULTY = "2"
MAX_ROWS = 3000
_OPTION = re.compile(r"option ?([a-f])")
_SEPARATOR = re.compile(r"\s*[|\n]\s*")
_SPELLINGS = {
    "question": "prompt",
    "answer": "correct",
    "answers": "options",
    "references": "reference",
    "url": "reference",
}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the sheet: the line it begins on, and its cells by column, without empty ones."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def options(self) -> list[str]:
        single = [self.get(f"option {letter.lower()}") for letter in LETTERS]
        listed = _SEPARATOR.split(self.get("options")) if self.get("options") else single
        return [option for option in listed if option]


def question_files(text: str, name: str, course: Course) -> dict[str, str]:
    """Return question files by name for the questions of a sheet.

    In each file, a question is on the line that it begins on in the sheet, so that faults name the right line. Use
    ``written`` for the text to keep. Raises ``BrokenCourse`` with the faults of the sheet itself.
    """
    rows = list(_rows(text, name))
    faults: list[str] = []
    files: dict[str, dict[int, str]] = {}
    for row in rows:
        try:
            path, module = _place(row, course)
            question = _question(row, module, course)
        except ValueError as error:
            faults.append(f"{name}:{row.line}: {error}")
            continue
        files.setdefault(f"{path.id}.yaml", {})[row.line] = json.dumps(question, ensure_ascii=False)
    if faults:
        raise BrokenCourse(faults)
    return {file: _aligned(questions) for file, questions in files.items()}


def written(file: str) -> str:
    """Return a file of ``question_files`` as a question file that a person can edit."""
    questions = [json.loads(line.removeprefix("- ")) for line in file.splitlines()[1:] if line]
    return yaml_text({"questions": questions})


def _aligned(questions: Mapping[int, str]) -> str:
    lines = ["questions:"] + [""] * (max(questions) - 1)
    for line, question in questions.items():
        lines[line - 1] = f"- {question}"
    return "\n".join(lines) + "\n"


def _rows(text: str, name: str) -> Iterator[_Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        columns = [_column(cell) for cell in next(reader, [])]
        _check_columns(columns, name)
        line = reader.line_num + 1
        count = 0
        for cells in reader:
            count += any(cells)
            if count > MAX_ROWS:
                raise BrokenCourse([f"{name}: more than {MAX_ROWS:,} questions; a course has at most that many"])
            if any(cell.strip() for cell in cells):
                if len(cells) > len(columns):
                    raise BrokenCourse(
                        [f"{name}:{line}: more cells than the first row; put texts with commas in quotes"]
                    )
                found = zip(columns, (cell.strip() for cell in cells), strict=False)
                yield _Row(line, {column: cell for column, cell in found if cell})
            line = reader.line_num + 1
        if not count:
            raise BrokenCourse([f"{name}: there are no questions below the first row"])
    except csv.Error as error:
        raise BrokenCourse([f"{name}:{reader.line_num}: not a readable CSV file: {error}"]) from error


def _delimiter(text: str) -> str:
    """Return the character that separates cells: a comma, or what a spreadsheet writes in some countries."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _column(cell: str) -> str:
    name = " ".join(cell.replace("_", " ").lower().split())
    option = _OPTION.fullmatch(name)
    return f"option {option[1]}" if option else _SPELLINGS.get(name, name)


def _check_columns(columns: Sequence[str], name: str) -> None:
    unknown = [column for column in columns if column and column not in COLUMNS and not _OPTION.fullmatch(column)]
    missing = [column for column in REQUIRED if column not in columns]
    faults = [f"{name}:1: there is no column “{column}”; the first row names the columns" for column in missing]
    faults += [f"{name}:1: “{short(column)}” is not a column; use {', '.join(COLUMNS)}" for column in unknown]
    faults += [
        f"{name}:1: two columns are named “{column}”" for column in {c for c in columns if columns.count(c) > 1 and c}
    ]
    if faults:
        raise BrokenCourse(faults)


def _place(row: _Row, course: Course) -> tuple[Path, Module | None]:
    """Return what a question is about: by its columns, otherwise the module of the unit that it refers to."""
    named, module_id = row.get("path").lower(), row.get("module").lower()
    modules = [(path, module) for path in course.paths for module in path.modules]
    if module_id:
        found = [each for each in modules if each[1].id == module_id and named in ("", each[0].id)]
        if not found:
            raise ValueError(f"module: “{short(module_id)}” is not the ID of a module of {course.code}")
        return found[0]
    if named:
        path = next((path for path in course.paths if path.id == named), None)
        if path is None:
            raise ValueError(f"path: “{short(named)}” is not a learning path; use {_paths(course)}")
        return path, None
    references = _references(row)
    for path, module in modules:
        if any(unit.link in references for unit in module.units if unit.link) or module.url in references:
            return path, module
    if len(course.paths) == 1:
        return course.paths[0], None
    raise ValueError(f"which learning path is it about? Add a column “path” with {_paths(course)}")


def _paths(course: Course) -> str:
    return ", ".join(path.id for path in course.paths)


def _references(row: _Row) -> list[str]:
    return row.get("reference").replace("|", " ").split()


def _question(row: _Row, module: Module | None, course: Course) -> dict[str, Any]:
    prompt = row.get("prompt")
    if not prompt:
        raise ValueError("prompt: is missing")
    question: dict[str, Any] = {"id": row.get("id") or _id(prompt)}
    if skill := row.get("skill") or ("none" if course.domain_of_skill else ""):
        question["skill"] = skill
    if module:
        question["module"] = module.id
    difficulty = row.get("difficulty") or DEFAULT_DIFFICULTY
    question |= {"kind": "truth", "difficulty": int(difficulty) if difficulty.isdecimal() else difficulty}
    question["prompt"] = prompt
    options = row.options
    if not options:
        answer = _TRUTHS.get(row.get("correct").lower())
        if answer is None:
            raise ValueError("correct: without options, write true or false")
        question["answer"] = answer
    else:
        right = _right(row.get("correct"), options)
        question["kind"] = "single" if len(right) == 1 else "multiple"
        question["options"] = [
            {"text": option, "right": True} if index in right else {"text": option}
            for index, option in enumerate(options)
        ]
    question["explanation"] = row.get("explanation")
    if references := _references(row):
        question["references"] = references
    return question


def _right(correct: str, options: Sequence[str]) -> set[int]:
    """Return the indices of the correct options, which are named by text, by letter (``B`` or ``A, C``) or number."""
    texts = [option.casefold() for option in options]
    if correct.casefold() in texts:
        return {texts.index(correct.casefold())}
    right: set[int] = set()
    for part in re.split(r"[|,;\n]|\s+and\s+", correct):
        text = part.strip().casefold()
        if text in texts:
            right.add(texts.index(text))
        elif len(text) == 1 and text.upper() in LETTERS[: len(options)]:
            right.add(LETTERS.index(text.upper()))
        elif text.isdecimal() and 1 <= int(text) <= len(options):
            right.add(int(text) - 1)
        elif text:
            raise ValueError(
                f"correct: “{short(part)}” is not an option; write its letter, A to {LETTERS[len(options) - 1]}"
            )
    if not right:
        raise ValueError("correct: is missing; write the letter of the correct option, such as B")
    return right


def _id(prompt: str) -> str:
    """Return an ID that stays the same as long as the prompt does."""
    return f"{slug(prompt)[: MAX_ID - 9].rstrip('-_.') or 'q'}-{blake2b(prompt.encode(), digest_size=4).hexdigest()}"
