"""What is stored about courses of servers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds
from bot.core.course.server_course import CourseFiles


@dataclass(frozen=True, slots=True)
class Origin:
    """The course and version that a course was copied from."""

    course: str
    version: int


@dataclass(frozen=True, slots=True)
class ServerCourse:
    """A course of a server, without its contents. ``removed_at`` is None for one that is in use."""

    id: str
    server: int
    code: str
    title: str
    version: int
    created_at: datetime
    removed_at: datetime | None = None
    share_code: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a course. ``published_by`` is None if that person's data was deleted.

    ``mapping`` has the full IDs that changed from the version before.
    """

    number: int
    published_at: datetime
    published_by: int | None
    summary: str
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """The files of a version. ``carried`` maps full IDs of all earlier versions to those of this one."""

    number: int
    files: CourseFiles
    carried: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is stored for a new version. ``gone`` has the titles of parts that it no longer has, by their full ID."""

    code: str
    title: str
    files: CourseFiles
    manager: int
    summary: str
    mapping: Mapping[str, str]
    carried: Mapping[str, str]
    gone: Mapping[str, str]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The current version of a course, and in which server it is visible; None for one that was removed."""

    number: int
    course: str
    version: int
    server: int | None


def course_of(row: Any) -> ServerCourse:
    """Return the course of a row of the table ``server_course``."""
    course, server, code, title, version, created, removed, share_code, origin, origin_version = row
    return ServerCourse(
        course, server, code, title, version, from_seconds(created),
        None if removed is None else from_seconds(removed), share_code,
        None if origin is None else Origin(origin, origin_version),
    )  # fmt: skip
