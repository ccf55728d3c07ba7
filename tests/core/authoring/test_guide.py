"""The examples of the guide for authors and the templates are courses without faults."""

import re
from pathlib import Path

import pytest

from bot.core.authoring.archive import MAX_FILES
from bot.core.authoring.upload import read_upload
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import MAX_BYTES, MAX_COURSES, MAX_QUESTIONS, MAX_UNITS
from bot.operation.upload_check import problems_and_upload
from bot.store.server_courses import UPLOADS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "authoring.md").read_text("utf-8")
TEMPLATES = ROOT / "bot" / "core" / "authoring" / "templates"


def example(language):
    [text] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return text.encode()


def test_the_page_of_links_is_a_course():
    course = read_upload({"course.md": example("markdown")}, None, CourseReader()).content.course
    assert (course.code, course.title) == ("NAV-101", "Coastal navigation")
    assert [path.title for path in course.paths] == ["Read a chart", "Work with tides"]
    assert course.minutes == 55


def test_the_course_and_its_sheet_have_no_problems():
    found = problems_and_upload({"course.yaml": example("yaml"), "questions.csv": example("csv")}, None)
    assert found.problems == ()
    upload = read_upload({"course.yaml": example("yaml"), "questions.csv": example("csv")}, None, CourseReader())
    assert [question.route for question in upload.content.bank.questions.values()] == [
        "charts/symbols", "charts/symbols", "tides/heights"
    ]  # fmt: skip


@pytest.mark.parametrize("questions", [["charts.yaml"], ["questions.csv"]])
def test_the_templates_have_no_problems(questions):
    files = {name: (TEMPLATES / name).read_bytes() for name in ["course.yaml", *questions]}
    assert problems_and_upload(files, None).problems == ()


def test_the_guide_names_the_limits():
    assert f"| courses per server | {MAX_COURSES} |" in GUIDE
    assert f"| size of a file | {MAX_BYTES // 1024} KB |" in GUIDE
    assert f"| files in a zip archive | {MAX_FILES} |" in GUIDE
    assert f"| units | {MAX_UNITS:,} |" in GUIDE
    assert f"| questions | {MAX_QUESTIONS:,} |" in GUIDE
    assert f"| uploads per hour | {UPLOADS} |" in GUIDE
