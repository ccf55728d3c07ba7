"""``waymark courses``: list, export and remove the courses of servers, while the bot runs."""

import pytest
from typer.testing import CliRunner

from bot.core.course.server_course import CourseFiles
from bot.operation.command_line import command_line
from tests.conftest import course_text

FILES = CourseFiles(course_text({"a": {"m": ["u1"]}}, "NET-1"))


@pytest.fixture
def waymark(path, monkeypatch, tmp_path):
    """Return a function that runs ``waymark`` on the test's database and returns its result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL" if isinstance(path, str) else "DATABASE_PATH", str(path))

    def run(*words, **more):
        return CliRunner().invoke(command_line(None, None, None), [*words], **more)

    return run


def test_courses_are_listed_exported_and_removed(waymark, clock, path, tmp_path, rows, run_study):
    assert waymark("courses", "list").output == "No server has added a course.\n"
    course = run_study(lambda study: study.server_courses.publish(700, 50, FILES))
    listed = waymark("courses", "list").output
    assert listed == f"{course.id}  server 700  NET-1: Course NET-1  version 1, added 2026-11-20\n"
    exported = waymark("courses", "export", course.id, str(tmp_path / "out"))
    assert exported.exit_code == 0
    assert (tmp_path / "out" / "course.yaml").read_text("utf-8") == FILES.course
    assert "exists already" in waymark("courses", "export", course.id, str(tmp_path / "out")).output
    assert waymark("courses", "remove", course.id, input="n\n").exit_code == 1
    assert rows("select count(*) from course_text") == [(1,)]
    assert "deleted" in waymark("courses", "remove", course.id, "--yes").output
    assert rows("select count(*) from course_text") == [(0,)]
    assert run_study(lambda study: study.server_courses.list(700)) == []
    assert waymark("courses", "export", "~unknown", str(tmp_path / "x")).exit_code == 1
