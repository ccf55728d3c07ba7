"""A fault in a course or question file."""

from dataclasses import dataclass

from bot.core.course.plain_yaml import Place


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: the keys and list indices that lead to it, and a description."""

    place: Place
    says: str
