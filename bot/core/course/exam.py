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
class Exam:
    """The exam. ``outline`` is the date of the published skills outline, None if unknown."""

    __pydantic_config__ = STRICT
    pass_mark: Annotated[int, Field(ge=1)]
    out_of: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=1440)]
    outline: date | None = None
    domains: tuple[Domain, ...] = ()


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
