"""Find nodes by exact name or by the text typed so far."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process, utils

from bot.core.course.course import Node, Path

CLOSE = 62
"""Minimum similarity (0 to 100) at which a misspelled name is suggested."""


class Names:
    """Nodes by name. Built once per list of nodes to choose from."""

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
        """Return the nodes with this ID, full ID or key, else with this title; several if they share it."""
        typed = plain(text)
        return self._by_id.get(typed) or self._by_title.get(typed, [])

    def rank(self, text: str, count: int, *, similar: bool = True) -> list[tuple[Node, float]]:
        """Return at most ``count`` nodes with their scores, best first.

        Names with words that start with those of ``text`` come first, then names that contain it. If they are too few
        and ``similar`` is true, similar names follow, with scores below 90.
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
        """Return up to three nodes with names similar to a wrong one."""
        return [node for node, _ in self.rank(text, 3)]


def plain(text: str) -> str:
    """Return ``text`` in lower case; a single space replaces everything that isn't a letter or digit."""
    return " ".join(utils.default_process(text).split())
