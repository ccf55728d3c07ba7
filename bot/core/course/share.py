"""A completed part of a course, a path or a module."""

from typing import NamedTuple


class Share(NamedTuple):
    """A completed part of a whole, in leaves and minutes, and the part that was only marked as known."""

    done: int
    total: int
    minutes: int
    minutes_total: int
    known: int = 0
    known_minutes: int = 0

    @property
    def complete(self) -> bool:
        return self.done == self.total

    @property
    def covered(self) -> bool:
        """Whether everything is completed or known."""
        return self.done + self.known == self.total

    @property
    def started(self) -> bool:
        """Whether anything is completed or known."""
        return self.done + self.known > 0

    @property
    def covering(self) -> "Share":
        """The share in which what is known counts as completed."""
        if not self.known:
            return self
        return Share(self.done + self.known, self.total, self.minutes + self.known_minutes, self.minutes_total)

    @property
    def minutes_left(self) -> int:
        return self.minutes_total - self.minutes - self.known_minutes

    @property
    def percent(self) -> int:
        """The covered part, 0 to 100, by minutes (by leaves if minutes are unknown).

        0 only if nothing, and 100 only if everything is covered.
        """
        if self.covered:
            return 100
        if not self.started:
            return 0
        minutes, leaves = self.minutes + self.known_minutes, self.done + self.known
        part = minutes / self.minutes_total if self.minutes_total else leaves / self.total
        return min(99, max(1, round(100 * part)))
