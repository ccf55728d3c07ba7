"""Blocks of a page, and the texts, links, images and check boxes in them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.core.authoring.text import tidy

_UNDEFINED = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
"""A reference link without a definition."""


@dataclass(slots=True, eq=False)
class Part:
    """A part of a block: a text, a ``link`` with its label, an ``image`` with its alternative text, or a ``check`` box.

    ``target`` is the address, or the ID of a check box. ``image`` is the image in a link's label. ``cell`` counts table
    cells. ``strong`` is True for bold text.
    """

    line: int
    kind: str = ""
    words: list[str] = field(default_factory=list)
    target: str = ""
    image: "Part | None" = None
    cell: int = 0
    strong: bool = False

    @property
    def text(self) -> str:
        return tidy("".join(self.words))


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, heading, list item or table row, with its parts.

    ``sign`` is empty for a paragraph, ``#`` for a heading, ``-`` for a list item (``1`` if numbered, ``x`` with a check
    box) and ``|`` for a table row (``h`` for the header row). ``depth`` is a heading's level or the nesting of lists.
    """

    line: int
    sign: str = ""
    depth: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        return plain(self.parts)

    @property
    def links(self) -> list[Part]:
        return [part for part in self.parts if part.kind == "link"]

    @property
    def checked(self) -> bool:
        """Whether the block contains a Liquid check box."""
        return any(part.kind == "check" for part in self.parts)


def plain(parts: Iterable[Part]) -> str:
    """Return the text of ``parts`` in one line: the label of a link, the alternative text of an image."""
    words: list[str] = []
    cell = 0
    for part in parts:
        words += [" ", *part.words] if part.cell != cell else part.words
        cell = part.cell
        if part.image and not part.text:
            words += part.image.words
    return _UNDEFINED.sub(r"\1", tidy("".join(words)))
