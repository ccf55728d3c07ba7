"""A mutation that Cosmic Ray lacks: ``in`` becomes ``not in``, and the other way round."""

from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.operator import Example, Operator
from parso import parse

OPPOSITES = {"in": " not in", "not in": " in"}


class ReplaceMembership(Operator):
    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if node.type == "comparison":
            for operator in node.children[1::2]:
                if _name(operator) in OPPOSITES:
                    yield operator.start_pos, operator.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        places = [place for place in range(1, len(node.children), 2) if _name(node.children[place]) in OPPOSITES]
        node.children[places[index]] = parse(OPPOSITES[_name(node.children[places[index]])])
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("x in y", "x not in y"), Example("x not in y", "x in y"))


def _name(operator: Any) -> str:
    return " ".join(operator.get_code().split())
