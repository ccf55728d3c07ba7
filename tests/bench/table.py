"""The rows of the table, and its output."""

from collections.abc import Sequence
from dataclasses import dataclass

SCALES = {"s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")), "B": ((2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B"))}


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing. ``unit`` is ``s``, ``B`` (bytes), ``%`` (of a share of 1) or a word; ``most`` is the target.

    ``ratio`` says how many times ``against`` it is, from the same run; ``ratio_most`` is the target for that.
    """

    name: str
    measured: float
    unit: str = "s"
    most: float | None = None
    ratio: float | None = None
    against: str = ""
    ratio_most: float | None = None
    ratio_least: float | None = None

    @property
    def over(self) -> bool:
        """Return whether a target is missed."""
        if self.most is not None and self.measured > self.most:
            return True
        if self.ratio is None:
            return False
        return (self.ratio_most is not None and self.ratio > self.ratio_most) or (
            self.ratio_least is not None and self.ratio < self.ratio_least
        )

    @property
    def result(self) -> str:
        """``ok`` or ``over``; empty where there is no target."""
        return ("over" if self.over else "ok") if self.target else ""

    @property
    def target(self) -> str:
        """What is aimed at; empty where nothing is."""
        if self.most is not None:
            return f"≤ {amount(self.most, self.unit)}"
        if self.ratio_most is not None:
            return f"≤ {self.ratio_most:g} x"
        return "" if self.ratio_least is None else f"≥ {self.ratio_least:g} x"

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} x {self.against}"
        return self.name, amount(self.measured, self.unit), self.target, self.result, ratio


HEAD = ("what", "measured", "target", "", "ratio")
NUMBERS = ("measured", "target")


def amount(value: float, unit: str) -> str:
    """Format a number with three significant digits and a suitable unit."""
    if unit == "%":
        return f"{value:.1%}"
    if unit not in SCALES:
        return f"{value:,.0f} {unit}".strip() if value >= 100 or value == int(value) else f"{value:.2f} {unit}"
    size, name = next((scale for scale in SCALES[unit] if value >= scale[0]), SCALES[unit][-1])
    scaled = value / size
    return f"{scaled:.0f} {name}" if scaled >= 100 else f"{scaled:.3g} {name}"


def lines(rows: Sequence[Row], widths: Sequence[int]) -> list[str]:
    """Format the rows in columns of ``widths``."""
    return [_line(row.cells, widths) for row in rows]


def heading(widths: Sequence[int]) -> list[str]:
    return [_line(HEAD, widths), "  ".join("-" * width for width in widths)]


def widths_of(rows: Sequence[Row]) -> list[int]:
    """Return the width of each column."""
    return [max(len(cell) for cell in column) for column in zip(HEAD, *(row.cells for row in rows), strict=True)]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = [
        cell.rjust(width) if name in NUMBERS else cell.ljust(width)
        for name, cell, width in zip(HEAD, cells, widths, strict=True)
    ]
    return "  ".join(placed).rstrip()
