"""Nodes by name: exactly, and by what somebody has typed so far."""

from collections.abc import Iterable

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

    def rank(self, text: str, count: int) -> list[tuple[Node, float]]:
        """At most ``count`` nodes: first those whose words begin as typed, then those that hold it, then the like."""
        typed = plain(text)
        if not typed:
            return [(node, 0.0) for node in self.nodes[:count]]
        words = typed.split()
        ranked: list[tuple[float, int]] = []
        for index, text_of in enumerate(self._texts):
            if self._ids[index] == text.strip().lower():
                ranked.append((100.0, index))
            elif text_of.startswith(typed):
                ranked.append((98.0, index))
            elif all(f" {word}" in f" {text_of}" for word in words):
                ranked.append((95.0, index))
            elif typed in text_of:
                ranked.append((90.0, index))
        if len(ranked) < count:
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
