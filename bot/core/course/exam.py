"""An exam: its domains and their skills, and pages on skills that the course doesn't teach."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from bot.core.course.fields import MAX_PAGES, MAX_SKILLS, STRICT, Address, Percent, Slug, Statement, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Something that the exam tests: one bullet of the published outline, in other words."""

    __pydantic_config__ = STRICT
    id: Slug
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A part of the exam. ``weight`` is the published range in percent, lowest and highest.

    ``skills`` are empty if the outline isn't recorded.
    """

    __pydantic_config__ = STRICT
    id: Slug
    title: Title
    weight: tuple[Percent, Percent]
    skills: Annotated[tuple[Skill, ...], Field(max_length=MAX_SKILLS)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A certification that expires after ``months``. Its renewal opens ``opens`` months before that."""

    __pydantic_config__ = STRICT
    months: Annotated[int, Field(ge=1, le=120)]
    opens: Annotated[int, Field(ge=1, le=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retake:
    """When a failed exam may be taken again, as the page ``source`` says.

    ``first`` is the waiting time in days after the first attempt, ``later`` after each other one. At most ``attempts``
    within ``months`` after the first of them.
    """

    __pydantic_config__ = STRICT
    first: Annotated[int, Field(ge=0, le=366)]
    later: Annotated[int, Field(ge=0, le=366)]
    attempts: Annotated[int, Field(ge=1, le=100)]
    months: Annotated[int, Field(ge=1, le=60)]
    source: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """The exam. ``outline`` is the date of the published skills outline, None if unknown.

    ``renewal`` is None if the certification doesn't expire, ``retake`` if no rule is known.
    """

    __pydantic_config__ = STRICT
    pass_mark: Annotated[int, Field(ge=1)]
    out_of: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=1440)]
    outline: date | None = None
    domains: tuple[Domain, ...] = ()
    renewal: Renewal | None = None
    retake: Retake | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page outside the course."""

    __pydantic_config__ = STRICT
    title: Title
    url: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaught:
    """A skill that no module teaches in full, and pages to read instead."""

    __pydantic_config__ = STRICT
    skill: Slug
    pages: Annotated[tuple[Page, ...], Field(min_length=1, max_length=MAX_PAGES)]
