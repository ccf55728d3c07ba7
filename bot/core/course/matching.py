"""Infer which part of a new version of a course is which part of the old one.

IDs are the keys. Titles, links and positions are only evidence for a proposal, which people confirm or reject.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from bot.core.course.course import Course, Kind, Node, Unit
from bot.core.course.search import plain


class Evidence(StrEnum):
    """Why two nodes may be the same part, as text for people."""

    LISTED = "listed in `renamed`"
    TITLE = "same title"
    LINK = "same link"
    PARTS = "same parts"
    SIMILAR = "similar name"
    ID = "same ID"
    PLACE = "same position"
    WORDS = "titles combined"


_WEIGHTS = {
    Evidence.TITLE: 50,
    Evidence.LINK: 50,
    Evidence.PARTS: 40,
    Evidence.SIMILAR: 30,
    Evidence.ID: 30,
    Evidence.PLACE: 20,
}
ENOUGH, HINT, CLEAR = 50, 30, 10
"""Minimum score of a proposal, if order and titles of the old version are known or aren't.

``CLEAR`` is by how much it must exceed every other match of either node.
"""
SIMILAR, TYPO = 0.75, 80
"""Minimum share of common words in similar names, and minimum similarity (0 to 100) of a word and its misspelling."""
_STRONG = frozenset({Evidence.TITLE, Evidence.LINK, Evidence.PARTS})
_GENERIC = frozenset({Kind.INTRODUCTION, Kind.ASSESSMENT, Kind.SUMMARY})
"""Kinds of units that most modules have, so that their titles say little."""
_FILLERS = frozenset(["a", "an", "and", "the", "of", "to", "in", "on", "for", "with", "part", "your"])


@dataclass(frozen=True, slots=True)
class Pair:
    """An old node that is probably a new one."""

    old: Node
    new: Node
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> int:
        return sum(_WEIGHTS[each] for each in self.evidence)


class Version:
    """One version of a course, with what is looked up during the comparison."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.siblings: dict[str, Sequence[Node]] = {"": course.paths}
        self.siblings.update((route, node.children) for route, node in course.nodes.items())
        self.position = {each.route: index for nodes in self.siblings.values() for index, each in enumerate(nodes)}
        self.link = {route: self._own_link(node) for route, node in course.nodes.items()}
        self.titles = Counter((node.word, plain(node.title)) for node in course.nodes.values())
        self.ids = Counter((node.word, node.id) for node in course.nodes.values())
        self.links = Counter(link for link in self.link.values() if link)

    def _own_link(self, node: Node) -> str | None:
        above = self.course.nodes.get(parent(node.route))
        return None if above and above.link == node.link else node.link

    def distinctive_parts(self, node: Node) -> set[str]:
        """Return the IDs of children that no other node has."""
        return {each.id for each in node.children if self.ids[each.word, each.id] == 1}


def parent(route: str) -> str:
    """Return the full ID of the node above; an empty text for a path."""
    return route.rpartition("/")[0]


class Matcher:
    """Compares nodes of two versions. ``homes`` maps full IDs of old nodes to those of the new nodes that they are.

    ``ordered``: the order and the titles of the old version are known. If not, weaker evidence is enough for a hint.
    """

    def __init__(self, old: Version, new: Version, homes: Mapping[str, str], *, ordered: bool) -> None:
        self._old, self._new, self._homes, self._ordered = old, new, homes, ordered

    def evidence(self, old: Node, new: Node) -> tuple[Evidence, ...]:
        """Return what speaks for ``old`` being ``new``."""
        together = self._homes.get(parent(old.route)) == parent(new.route)
        return tuple(self._found(old, new, together=together))

    def _found(self, old: Node, new: Node, *, together: bool) -> Iterator[Evidence]:
        title, other = plain(old.title), plain(new.title)
        known = self._old.titles[old.word, title], self._new.titles[new.word, other]
        if title == other and (together or (known == (1, 1) and not _is_generic(old) and not _is_generic(new))):
            yield Evidence.TITLE
        elif together and _are_similar(old, new):
            yield Evidence.SIMILAR
        link = self._old.link[old.route]
        if link and link == self._new.link[new.route] and self._old.links[link] == self._new.links[link] == 1:
            yield Evidence.LINK
        if (
            old.id == new.id
            and not _is_generic(new)
            and self._old.ids[old.word, old.id] == self._new.ids[new.word, new.id] == 1
        ):
            yield Evidence.ID
        parts, others = self._old.distinctive_parts(old), self._new.distinctive_parts(new)
        common = len(parts & others)
        if common > 1 and 2 * common >= max(len(parts), len(others)):
            yield Evidence.PARTS
        if together and self._ordered and self._same_place(old, new):
            yield Evidence.PLACE

    def _same_place(self, old: Node, new: Node) -> bool:
        """Return whether the nodes have the same position among their siblings, from the front or from the back."""
        here, there = self._old.position[old.route], self._new.position[new.route]
        count, others = (
            len(self._old.siblings[parent(old.route)]),
            len(self._new.siblings[parent(new.route)]),
        )
        return here == there or count - here == others - there

    def pairs(self, gone: Iterable[Node], fresh: Iterable[Node], *, strong: bool) -> Iterator[Pair]:
        """Yield the pairs of nodes that are clearly each other's best match; ``strong``: not for similar names only."""
        table = self._candidates(gone, fresh, strong=strong)
        while table:
            best: dict[tuple[bool, str], list[int]] = defaultdict(list)
            for pair in table:
                best[True, pair.old.route].append(pair.score)
                best[False, pair.new.route].append(pair.score)
            clear = [
                pair
                for pair in table
                if _leads(pair.score, best[True, pair.old.route]) and _leads(pair.score, best[False, pair.new.route])
            ]
            if not clear:
                return
            yield from clear
            used = {pair.old.route for pair in clear}, {pair.new.route for pair in clear}
            table = [pair for pair in table if pair.old.route not in used[0] and pair.new.route not in used[1]]

    def _candidates(self, gone: Iterable[Node], fresh: Iterable[Node], *, strong: bool) -> list[Pair]:
        """Return possible pairs. Nodes in different places are only compared if they share a unique name or link."""
        index: dict[tuple[str, str], list[Node]] = defaultdict(list)
        for new in fresh:
            for key in self._keys(new, self._new, parent(new.route)):
                index[key].append(new)
        table = []
        for old in gone:
            keys = self._keys(old, self._old, self._homes.get(parent(old.route)))
            for new in {new.route: new for key in keys for new in index[key]}.values():
                pair = Pair(old, new, self.evidence(old, new))
                if pair.score >= (ENOUGH if self._ordered else HINT) and (
                    not strong or _STRONG.intersection(pair.evidence)
                ):
                    table.append(pair)
        return table

    def _keys(self, node: Node, version: Version, home: str | None) -> Iterator[tuple[str, str]]:
        title, link = plain(node.title), version.link[node.route]
        if version.titles[node.word, title] == 1:
            yield "title", title
        if version.ids[node.word, node.id] == 1:
            yield "id", node.id
        if link and version.links[link] == 1:
            yield "link", link
        if home is not None:
            yield "home", home


def _leads(score: int, scores: Sequence[int]) -> bool:
    """Return whether ``score`` is clearly the highest of ``scores``, of which it is one."""
    return score == max(scores) and sum(each > score - CLEAR for each in scores) == 1


def _is_generic(node: Node) -> bool:
    return isinstance(node, Unit) and node.kind in _GENERIC


def _are_similar(old: Node, new: Node) -> bool:
    """Return whether titles or IDs have nearly the same words. Fillers don't matter, other words and numbers do."""
    return _same_words(old.title, new.title) or _same_words(old.id, new.id)


def _same_words(text: str, other: str) -> bool:
    words, others = ([word for word in plain(each).split() if word not in _FILLERS] for each in (text, other))
    common = sum(any(fuzz.ratio(word, each) >= TYPO for each in others) for word in words)
    return bool(common) and common >= SIMILAR * max(len(words), len(others))


def combinations(
    wholes: Iterable[tuple[Node, str | None]], parts: Collection[Node]
) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Yield each whole with the two or more ``parts`` whose titles together have exactly the words of its title.

    Each whole comes with the title of one part that is certain, or None. A part of several wholes is of none.
    """
    found: dict[str, tuple[Node, tuple[Node, ...]]] = {}
    for whole, certain in wholes:
        words = _words(whole.title)
        base = _words(certain) if certain else frozenset[str]()
        mine = tuple(part for part in parts if _words(part.title) and _words(part.title) <= words)
        union = base.union(*(_words(part.title) for part in mine))
        if mine and base != words and union == words and len(mine) + bool(base) > 1:
            found[whole.route] = whole, mine
    uses = Counter(part.route for _, mine in found.values() for part in mine)
    for whole, mine in found.values():
        if all(uses[part.route] == 1 for part in mine):
            yield whole, mine


def _words(title: str) -> frozenset[str]:
    return frozenset(word for word in plain(title).split() if word not in _FILLERS and not word.isdecimal())
