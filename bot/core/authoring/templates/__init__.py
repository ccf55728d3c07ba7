"""Commented examples for authors: a course file, a question file and a question sheet."""

from importlib.resources import files

NAMES = ("course.yaml", "charts.yaml", "questions.csv")


def templates() -> dict[str, bytes]:
    """Return the examples by file name."""
    return {name: files(__name__).joinpath(name).read_bytes() for name in NAMES}
