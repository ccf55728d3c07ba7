"""Types of the fields in course and question files."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

MAX_TEXT = 100
"""Maximum length of titles and IDs, the limit of Discord's choices, options and checkboxes."""

MAX_SHORT = 32
"""Maximum length of a path's short name, which fits on one line of a picture."""

MAX_STATEMENT, MAX_SKILLS, MAX_PAGES = 120, 80, 3
"""Maximum length of a skill, and maximum number of skills of a domain and of pages for a skill."""

STRICT = ConfigDict(extra="forbid")
"""Reject unknown keys in a course file, because they are misspelled."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=MAX_TEXT)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
ShortTitle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_SHORT)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
Point = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>()]+$", max_length=512)]
Minutes = Annotated[int, Field(ge=1, le=6000)]
OldId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+(?:/[a-z0-9._-]+){0,2}$", max_length=3 * MAX_TEXT + 2)]
Percent = Annotated[int, Field(ge=0, le=100)]
Statement = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_STATEMENT)]
SkillIds = Annotated[tuple[Slug, ...], Field(max_length=MAX_SKILLS)]
