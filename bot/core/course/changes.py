"""Compare two versions of a course: parts that were added, removed, renamed, moved, split or merged."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.course.course import MAX_RENAMES, Course, Node, key_of
from bot.core.course.matching import Evidence, Matcher, Version, combinations, parent


class ChangeKind(StrEnum):
    """What a proposal says happened to a part."""

    RENAMED = "renamed"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Parts of the old version that are probably parts of the new one. ``accepted`` is the decision about it.

    ``old`` has several nodes if they were merged, ``new`` if one was split. A node that keeps its ID can be among them.
    """

    kind: ChangeKind
    old: tuple[Node, ...]
    new: tuple[Node, ...]
    evidence: tuple[Evidence, ...]
    accepted: bool = True

    @property
    def key(self) -> str:
        """Return ten hexadecimal digits that identify the proposal, for buttons."""
        routes = (" ".join(node.route for node in nodes) for nodes in (self.old, self.new))
        return key_of(self.old[0].course, " > ".join(routes))


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences of two versions, given the decisions about the proposals.

    ``added`` and ``removed`` are the highest nodes that are entirely new or gone. ``retitled`` are pairs of an old and
    a new node with the same ID and another title; ``timed`` are pairs of the same node without children and with other
    minutes. ``reordered`` are new nodes (None: the course) whose children are in another order. ``mapping`` leads from
    full IDs of the old version to one or more of the new one. IDs that are the same in both are left out, unless a part
    was split.
    """

    old: Course
    new: Course
    proposals: tuple[Proposal, ...]
    added: tuple[Node, ...]
    removed: tuple[Node, ...]
    retitled: tuple[tuple[Node, Node], ...]
    timed: tuple[tuple[Node, Node], ...]
    reordered: tuple[Node | None, ...]
    mapping: Mapping[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.proposals or self.added or self.removed or self.retitled or self.timed or self.reordered)

    @property
    def served(self) -> Course:
        """Return the new version with its former IDs in ``renamed``, so that older messages still lead to its parts.

        It keeps those of the old version. Beyond ``MAX_RENAMES`` the oldest are dropped.
        """
        chosen = {
            node.route: proposal.new[0].route
            for proposal in self.proposals
            if proposal.accepted
            for node in proposal.old
        }
        known = {**self.old.renamed, **chosen, **self.new.renamed}
        renamed = {old: new for old, new in known.items() if old not in self.new.nodes}
        course = _renamed(self.new, renamed)
        leading = {old: new for old, new in renamed.items() if course.current(old) in course.nodes}
        return _renamed(self.new, dict(list(leading.items())[-MAX_RENAMES:]))


def _renamed(course: Course, renamed: Mapping[str, str]) -> Course:
    """Return a course with other former IDs. It shares the nodes, so its ID must stay the same."""
    made = replace(course, renamed=renamed)
    made.identify(course.id)
    return made


def compare(old: Course, new: Course, rejected: Collection[str] = (), *, ordered: bool = True) -> Changes:
    """Compare two versions. ``rejected`` are keys of proposals that are not accepted.

    What the new file lists in ``renamed`` is always accepted. Parts below a rejected proposal are matched on their own,
    so there can be other proposals. ``ordered`` is false if order and titles of the old version aren't known.
    """
    return _Comparison(old, new, frozenset(rejected), ordered=ordered).result()


class _Comparison:
    def __init__(self, old: Course, new: Course, rejected: frozenset[str], *, ordered: bool) -> None:
        self._old, self._new, self._rejected, self._ordered = old, new, rejected, ordered
        self._homes = {"": "", **{route: route for route in old.nodes if route in new.nodes}}
        self._mapping: dict[str, tuple[str, ...]] = {}
        self._proposals: list[Proposal] = []
        self._open: set[str] = set(old.nodes).difference(new.nodes)
        self._fresh: set[str] = set(new.nodes).difference(old.nodes)
        self._matcher = Matcher(Version(old), Version(new), self._homes, ordered=ordered)

    def result(self) -> Changes:
        for depth in range(3):
            self._listed(depth)
            self._implied(depth)
            self._match(depth)
        homes = Counter(self._homes.values())
        same = [
            (node, self._new.nodes[home])
            for node in self._old.nodes.values()
            if (home := self._homes.get(node.route))
            and homes[home] == 1
            and len(self._mapping.get(node.route, "1")) == 1
        ]
        targets = {route for routes in self._mapping.values() for route in routes}
        return Changes(
            self._old, self._new, tuple(self._proposals),
            added=tuple(_highest(self._new.paths, self._is_added(), targets.union(self._old.nodes))),
            removed=tuple(_highest(self._old.paths, self._is_removed, self._homes)),
            retitled=tuple(pair for pair in same if pair[0].route == pair[1].route and pair[0].title != pair[1].title),
            timed=tuple(pair for pair in same if _minutes(pair[0]) != _minutes(pair[1])),
            reordered=tuple(self._reordered(same)) if self._ordered else (),
            mapping=self._mapping,
        )  # fmt: skip

    def _listed(self, depth: int) -> None:
        """Follow the new version's ``renamed``."""
        for node in self._gone(depth):
            route = self._new.current(node.route)
            home = self._homes.get(parent(node.route))
            if route in self._new.nodes and route != f"{home}/{node.id}":
                self._propose((node,), (self._new.nodes[route],), (Evidence.LISTED,))

    def _implied(self, depth: int) -> None:
        """Follow the proposals on the nodes above."""
        for node in self._gone(depth):
            home = self._homes.get(parent(node.route))
            route = f"{home}/{node.id}" if home else node.id
            listed = route in self._new.nodes and route == self._new.current(node.route)
            if home is not None and (route in self._fresh or listed):
                self._connect(node.route, (route,))

    def _match(self, depth: int) -> None:
        for strong in (True, False):
            for pair in self._matcher.pairs(self._gone(depth), self._free(depth), strong=strong):
                self._propose((pair.old,), (pair.new,), pair.evidence)
            if strong:
                self._combine(depth)

    def _combine(self, depth: int) -> None:
        """Propose merges and splits of nodes without children that stay below the same node."""
        for above, home in list(self._homes.items()):
            if above.count("/") + bool(above) != depth:
                continue
            children = _children(self._old, above)
            gone = [node for node in children if node.route in self._open and not node.children]
            fresh = [node for node in _children(self._new, home) if node.route in self._fresh and not node.children]
            kept = [
                (node, self._new.nodes[node.route])
                for node in children
                if self._homes.get(node.route) == node.route and not node.children
            ]
            now = {new.route: old for old, new in kept}
            merges = [*((node, None) for node in fresh), *((new, old.title) for old, new in kept)]
            for whole, parts in combinations(merges, gone):
                stays = (now[whole.route],) if whole.route in now else ()
                self._propose((*stays, *parts), (whole,), (Evidence.WORDS,))
            splits = [*((node, None) for node in gone), *((old, new.title) for old, new in kept)]
            for whole, parts in combinations(splits, [node for node in fresh if node.route in self._fresh]):
                if whole.route not in self._open and whole.route not in now:
                    continue
                stays = (self._new.nodes[whole.route],) if whole.route in self._new.nodes else ()
                self._propose((whole,), (*stays, *parts), (Evidence.WORDS,))

    def _propose(self, old: tuple[Node, ...], new: tuple[Node, ...], evidence: tuple[Evidence, ...]) -> None:
        kind = ChangeKind.MERGED if len(old) > 1 else ChangeKind.SPLIT if len(new) > 1 else ChangeKind.RENAMED
        if kind is ChangeKind.RENAMED and self._homes.get(parent(old[0].route)) != parent(new[0].route):
            kind = ChangeKind.MOVED
        proposal = Proposal(kind, old, new, evidence)
        if evidence != (Evidence.LISTED,):
            proposal = replace(proposal, accepted=proposal.key not in self._rejected)
        self._proposals.append(proposal)
        targets = tuple(node.route for node in new)
        for node in old:
            self._open.discard(node.route)
            if proposal.accepted and targets != (node.route,):
                self._connect(node.route, targets)
        self._fresh.difference_update(targets)

    def _connect(self, route: str, targets: tuple[str, ...]) -> None:
        self._mapping[route] = targets
        self._homes.setdefault(route, targets[0])
        self._open.discard(route)
        self._fresh.difference_update(targets)

    def _gone(self, depth: int) -> list[Node]:
        return [node for route, node in self._old.nodes.items() if route in self._open and route.count("/") == depth]

    def _free(self, depth: int) -> list[Node]:
        return [node for route, node in self._new.nodes.items() if route in self._fresh and route.count("/") == depth]

    def _is_removed(self, leaf: str) -> bool:
        return leaf not in self._homes

    def _is_added(self) -> Callable[[str], bool]:
        """Return whether nothing of the old version counts for a leaf: neither it nor a node above it was a leaf."""
        leaves = {route for route in self._old.leaves if route in self._new.nodes}
        leaves.update(target for leaf in self._old.leaves for target in self._mapping.get(leaf, ()))

        def is_added(leaf: str) -> bool:
            parts = leaf.split("/")
            return not any("/".join(parts[:depth]) in leaves for depth in range(1, len(parts) + 1))

        return is_added

    def _reordered(self, same: Sequence[tuple[Node, Node]]) -> Iterator[Node | None]:
        """Yield the new nodes whose children that were there before are in another order."""
        homes = {node.route: now.route for node, now in same}
        for old, new in ((None, None), *same):
            before = [homes.get(each.route) for each in _children(self._old, old.route if old else "")]
            after = [each.route for each in _children(self._new, new.route if new else "")]
            kept = set(before).intersection(after)
            if [each for each in before if each in kept] != [each for each in after if each in kept]:
                yield new


def _children(course: Course, route: str) -> Sequence[Node]:
    return course.nodes[route].children if route else course.paths


def _minutes(node: Node) -> int | None:
    return None if node.children else node.length


def _highest(nodes: Iterable[Node], test: Callable[[str], bool], known: Collection[str]) -> Iterator[Node]:
    """Yield the highest nodes that aren't ``known`` and all of whose leaves pass ``test``."""
    for node in nodes:
        if node.route not in known and all(map(test, node.leaves)):
            yield node
        else:
            yield from _highest(node.children, test, known)
