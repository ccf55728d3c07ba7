"""Nodes by name: exactly, and by what somebody has typed so far."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process, utils

from bot.core.course.course import Node, Path

CLOSE = 62
"""Similarity of 0 to 100 from which a misspelt name is still understood as a hint."""


class Names:
    """Nodes by name. Made once for each list of nodes that somebody may choose from."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)
        self._ids = [node.id for node in self.nodes]
        self._texts = [
            plain(" ".join([node.title, node.id, *(node.aliases if isinstance(node, Path) else ())]))
            for node in self.nodes
        ]
        self._padded = [f" {text}" for text in self._texts]
        self._by_id: dict[str, list[Node]] = {}
        self._by_title: dict[str, list[Node]] = {}
        for node in self.nodes:
            ids = {node.id, node.route, f"{node.course}/{node.route}", node.key}
            if isinstance(node, Path):
                ids.update(node.aliases)
            for name in {plain(name) for name in ids}:
                self._by_id.setdefault(name, []).append(node)
            self._by_title.setdefault(plain(node.title), []).append(node)

    def exact(self, text: str) -> list[Node]:
        """The nodes with exactly this id, full id or key, else with this title; several where they share it."""
        typed = plain(text)
        return self._by_id.get(typed) or self._by_title.get(typed, [])

    def rank(self, text: str, count: int, *, similar: bool = True) -> list[tuple[Node, float]]:
        """At most ``count`` nodes: first those whose words begin as typed, then those that contain it.

        If they are too few and ``similar`` is true, nodes with a similar text follow, with scores below 90.
        """
        typed = plain(text)
        if not typed:
            return [(node, 0.0) for node in self.nodes[:count]]
        matching: Sequence[int] = range(len(self._padded))
        for word in typed.split():
            start = f" {word}"
            matching = [index for index in matching if start in self._padded[index]]
        named, start = text.strip().lower(), f" {typed}"
        ranked = [
            (100.0 if self._ids[index] == named else 98.0 if self._padded[index].startswith(start) else 95.0, index)
            for index in matching
        ]
        if len(ranked) < count:
            known = set(matching)
            inside = (index for index, padded in enumerate(self._padded) if typed in padded)
            ranked += [(90.0, index) for index in inside if index not in known]
        if similar and len(ranked) < count:
            known = {index for _, index in ranked}
            close = process.extract(
                typed, self._texts, scorer=fuzz.token_set_ratio, limit=count, score_cutoff=CLOSE
            ) or process.extract(typed, self._texts, scorer=fuzz.partial_ratio, limit=count, score_cutoff=80)
            ranked += [(min(score, 89.0), index) for _, score, index in close if index not in known]
        ranked.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(self.nodes[index], score) for score, index in ranked[:count]]

    def meant(self, text: str) -> list[Node]:
        """Up to three nodes that a wrong name may have meant."""
        return [node for node, _ in self.rank(text, 3)]


def plain(text: str) -> str:
    """``text`` in lower case with single spaces for all that is neither letter nor digit."""
    return " ".join(utils.default_process(text).split())
