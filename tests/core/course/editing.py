"""Random edits of a course: rename, retitle, move, split, merge, delete, reorder and add."""

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from bot.core.course.course import Course, Kind, Module, Path, Unit

WORDS = "disk backup key network vault image alert policy route cluster".split()  # noqa: SIM905 - words in a row
EDITS = ("rename", "retitle", "move", "split", "merge", "delete", "reorder", "add", "reuse")


@dataclass
class Part:
    """A node of a course that can be edited."""

    id: str
    title: str
    parts: list["Part"] = field(default_factory=list)
    minutes: int = 10


def everything(part):
    """The part and all parts below it."""
    return [part, *(each for below in part.parts for each in everything(below))]


def course_of(paths):
    return Course(code="T-1", title="T", overview="O", paths=tuple(
        Path(id=path.id, title=path.title, minutes=path.minutes, modules=tuple(
            Module(id=module.id, title=module.title, minutes=module.minutes, units=tuple(
                Unit(id=unit.id, title=unit.title, kind=Kind.READING, minutes=unit.minutes) for unit in module.parts
            )) for module in path.parts
        )) for path in paths
    ))  # fmt: skip


@st.composite
def parts(draw, depth=0, number=None):
    number = number or count()
    made = []
    for _ in range(draw(st.integers(1 if depth == 0 else 0, 3))):
        title = " and ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True)))
        below = draw(parts(depth + 1, number)) if depth < 2 else []
        made.append(Part(f"p{next(number)}", title, below, draw(st.integers(1, 60))))
    return made


@st.composite
def edited(draw, paths, most=5):  # noqa: C901 - one case for each edit
    """An edited copy of the paths."""
    root = Part("", "", deepcopy(paths))
    taken, gone = {part.id for part in everything(root)}, []
    fresh = (f"n{each}" for each in count() if f"n{each}" not in taken)
    for _ in range(draw(st.integers(1, most))):
        depth = draw(st.integers(0, 2))
        level = [root] if depth == 0 else root.parts if depth == 1 else [m for p in root.parts for m in p.parts]
        level = [each for each in level if each.parts]
        if not level:
            continue
        above = draw(st.sampled_from(level))
        part = draw(st.sampled_from(above.parts))
        match draw(st.sampled_from(EDITS)):
            case "rename":
                gone.append(part.id)
                part.id = next(fresh)
            case "retitle":
                part.title = draw(st.sampled_from(WORDS))
            case "move":
                other = draw(st.sampled_from(level))
                if other is above or part.id not in {each.id for each in other.parts}:
                    above.parts.remove(part)
                    other.parts.append(part)
            case "split" if " and " in part.title and not part.parts:
                place = above.parts.index(part)
                above.parts[place : place + 1] = [Part(next(fresh), title) for title in part.title.split(" and ")]
            case "merge" if len(above.parts) > 1:
                other = next(each for each in above.parts if each is not part)
                above.parts = [each for each in above.parts if each is not part and each is not other]
                both = [*other.parts, *(each for each in part.parts if each.id not in {one.id for one in other.parts})]
                above.parts.append(Part(next(fresh), f"{part.title} and {other.title}", both))
            case "delete" if len(root.parts) > 1 or depth:
                gone.append(part.id)
                above.parts.remove(part)
            case "reorder":
                above.parts = draw(st.permutations(above.parts))
            case "add":
                above.parts.append(Part(next(fresh), draw(st.sampled_from(WORDS))))
            case "reuse" if gone and gone[-1] not in {each.id for each in above.parts}:
                above.parts.append(Part(gone[-1], draw(st.sampled_from(WORDS))))
    return root.parts
