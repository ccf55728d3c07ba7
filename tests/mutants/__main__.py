"""``make mutants``: change the code in one place and run the tests that reach it; report what no test notices.

Cosmic Ray makes the changes (mutants) in a copy of the tree, ``.mutants/tree``; this picks a random sample of them. A
first run of all tests but the drills records which tests run which line. A mutant gets those of its line, the ones of
its subject first, until one fails. ``--keep`` uses the copy and the record of the run before.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import use_mutation
from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from cosmic_ray.testing import run_tests
from cosmic_ray.work_item import TestOutcome
from coverage import CoverageData

from tests.mutants.membership import ReplaceMembership

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / ".mutants"
TREE = PLACE / "tree"
PACKAGES = ("bot/core", "bot/study", "bot/store")
COMPARISONS = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv", "BitAnd_BitOr")
OTHERS = (
    "AddNot", "ExceptionReplacer", "NumberReplacer", "ReplaceAndWithOr", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ReplaceFalseWithTrue", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub", "ZeroIterationForLoop",
)  # fmt: skip
"""One replacement for each operator of Python, and a number is one more. ``|`` is left out: most are in annotations."""

MOST_SECONDS = 40
"""How long the tests of a mutant may take, as they took in the first run."""


class Mutant(NamedTuple):
    path: str
    operator: Operator
    occurrence: int
    lines: range


def mutants() -> Iterator[Mutant]:
    """All of them in the copy, except in arguments of ``@dataclass``, ``repr=`` and the ``*`` among parameters."""
    names = [
        *(f"ReplaceComparisonOperator_{name}" for name in COMPARISONS),
        *(f"ReplaceBinaryOperator_{name}" for name in ARITHMETIC),
        *OTHERS,
    ]
    operators = [*(get_operator(f"core/{name}")() for name in names), ReplaceMembership()]
    for path in sorted(file for package in PACKAGES for file in (TREE / package).rglob("*.py")):
        source, tree = path.read_text("utf-8").splitlines(), get_ast_from_path(path)
        for operator in operators:
            places = ((node, place) for node in ast_nodes(tree) for place in operator.mutation_positions(node))
            for occurrence, (node, ((first, _), (last, _))) in enumerate(places):
                one_less = isinstance(operator, NumberReplacer) and occurrence % 2
                around = node.parent
                unseen = around and (around.type == "parameters" or around.get_code().startswith("repr="))
                if not one_less and not unseen and not source[first - 1].startswith("@dataclass"):
                    yield Mutant(path.relative_to(TREE).as_posix(), operator, occurrence, range(first, last + 1))


def copy_tree() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    listed = subprocess.check_output(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)


def record(tests: Sequence[str]) -> None:
    """Run the tests once under coverage. What fails unchanged is not used."""
    command = [sys.executable, "-m", "coverage", "run", f"--source={','.join(PACKAGES)}", "-m", "pytest"]
    done = subprocess.run([*command, "-p", "tests.mutants.coverage_map", "-m", "not drill", *tests], check=False)
    if done.returncode not in (0, 1):
        sys.exit("The tests can't be run.")


def tests_of(mutant: Mutant, data: CoverageData, seconds: dict[str, float]) -> list[str]:
    """The tests that run its lines: first those whose path shares a word with it, then the fastest.

    A line that runs on import alone, such as that of a constant, gets the tests that run any line of the file.
    """
    by_line = data.contexts_by_lineno(str(TREE / mutant.path))
    reached = {test for line in mutant.lines for test in by_line.get(line, ())} & seconds.keys()
    reached = reached or {test for found in by_line.values() for test in found} & seconds.keys()
    words = {part.removesuffix(".py").removesuffix("s") for part in mutant.path.split("/")[2:]}
    listed = sorted(reached, key=lambda test: (-sum(word in test.partition("::")[0] for word in words), seconds[test]))
    spent = accumulate(seconds[test] for test in listed)
    return [test for test, total in zip(listed, spent, strict=True) if total <= MOST_SECONDS] or listed[:1]


def outcome(mutant: Mutant, tests: Sequence[str], timeout: float) -> tuple[str, str]:
    """``killed``, ``timeout``, ``survived`` or ``not reached``, and what was changed."""
    with use_mutation(Path(mutant.path), mutant.operator, mutant.occurrence) as (before, after):
        assert after is not None
        old, new = before.splitlines(), after.splitlines()
        changed = [f"  - {a.strip()}\n  + {b.strip()}" for a, b in zip(old, new, strict=False) if a != b]
        diff = f"{mutant.path}:{mutant.lines.start}\n{changed[0] if changed else ''}"
        if not tests:
            return "not reached", diff
        (PLACE / "tests.txt").write_text("\n".join(tests), "utf-8")
        found, output = run_tests(f"{sys.executable} -m pytest -x -p no:xdist @../tests.txt", timeout)
    if found == TestOutcome.KILLED:
        return ("timeout" if output == "timeout" else "killed"), diff
    return "survived", diff


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200, help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: %(default)s)")
    parser.add_argument("--start", type=int, default=1, help="the first one of the sample to try")
    parser.add_argument("--keep", action="store_true", help="use the copy and the record of the run before")
    parser.add_argument("--only", default="", help="only mutants whose path contains this")
    parser.add_argument("tests", nargs="*", help="files and folders of tests to use (default: all)")
    given = parser.parse_args()
    if not given.keep:
        copy_tree()
    os.chdir(TREE)
    if not given.keep:
        record(given.tests)
    data = CoverageData()
    data.read()
    seconds = json.loads(Path("durations.json").read_text("utf-8"))
    everything = [mutant for mutant in mutants() if given.only in mutant.path]
    sample = random.Random(given.seed).sample(everything, min(given.sample, len(everything)))
    counts: Counter[str] = Counter()
    for number, mutant in enumerate(sample[given.start - 1 :], given.start):
        tests, start = tests_of(mutant, data, seconds), time.monotonic()
        found, diff = outcome(mutant, tests, 60 + 3 * sum(seconds[test] for test in tests))
        counts[found] += 1
        spent = f"{len(tests)} tests, {time.monotonic() - start:.0f} s"
        sys.stdout.write(f"{number} {found} ({spent}) {diff if found != 'killed' else mutant.path}\n")
        sys.stdout.flush()
    share = (counts["killed"] + counts["timeout"]) / max(1, counts.total())
    sys.stdout.write(f"{counts.total()} of {len(everything)} mutants, seed {given.seed}: {dict(counts)}; ")
    sys.stdout.write(f"{share:.1%} killed\n")


if __name__ == "__main__":
    main()
