"""Statistics of a bank that reveal answers: position and length of correct options, and repeated questions."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, exp, fsum, log

from rapidfuzz import fuzz, process

from bot.core.course.course import Module
from bot.core.course.search import plain
from bot.core.questions.bank import Bank
from bot.core.questions.question import MANY_PARTS, Kind, Question

ALIKE = 81
"""Similarity of two prompts (0 to 100, regardless of word order) from which they count as repeated.

In AZ-104's bank of 203, different questions have at most 78; the same question in other words has at least 83.
"""
SHARED = 0.5
"""Two prompts are compared if they share at least this part of the words of each.

The same question in other words shares more. Comparing all pairs of 3,000 prompts takes 8 s, this 0.3 s.
"""
MAX_ALIKE = 100
"""Maximum number of repeated questions that are listed. A bank that repeats itself could have millions of pairs."""

FROM = 40
"""Minimum number of questions of one kind for which a share is judged; for statements it is ``FROM_TRUTHS``."""
FROM_TRUTHS = 20
EXPECTED = 5
"""Minimum number of correct options expected by chance at a position for its share to be judged."""

POSITION = (0.6, 1.6)
"""Limits for the share of correct options at a position, as factors of chance: 15 % to 40 % for 4 options."""
LENGTH = (0.4, 1.6)
"""Limits for how often the correct option is the longest or the shortest: 10 % to 40 % for 4 options."""
RATIO = (0.85, 1.18)
"""Limits for the mean length of correct options divided by that of wrong ones."""
TRUE = (0.3, 0.7)
"""Limits for the share of statements that are true, alone or in a series."""
UNIFORM = 0.34
"""Maximum share of yes/no series with one answer for all statements. By chance it would be 25 %."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two questions with nearly the same prompt, in the bank's order; ``score`` is 0 to 100."""

    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share and the share expected by chance, both 0 to 1."""

    share: float
    chance: float

    def within(self, limits: tuple[float, float]) -> bool:
        """Return whether the share is within ``limits``, which are factors of chance."""
        return limits[0] * self.chance <= self.share <= limits[1] * self.chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Statistics of a bank. Shares are 0 to 1, and of single-choice questions unless noted otherwise.

    ``of_module`` counts the questions of every module by full ID and ``of_domain`` those of every exam domain by ID,
    including zeros. ``positions`` are shares of the correct option's position in the file. ``longest`` and ``shortest``
    say how often it is the longest or shortest (options of equal length count in part). ``ratio`` is the geometric mean
    of the length of correct options divided by that of wrong ones, of single- and multiple-choice questions; ``true``
    is the share of true ones of the ``statements``, alone or in series; ``uniform`` that of series with one answer.
    """

    kinds: Mapping[Kind, int]
    difficulties: Mapping[int, int]
    of_module: Mapping[str, int]
    of_domain: Mapping[str, int]
    positions: tuple[Rate, ...]
    longest: Rate
    shortest: Rate
    ratio: float
    true: float
    statements: int
    uniform: float
    alike: tuple[Alike, ...]

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each statistic that reveals answers and for each repeated question."""
        for pair in self.alike:
            yield f"{pair.first} and {pair.second} ask nearly the same ({pair.score:.0f} of 100)"
        singles = self.kinds.get(Kind.SINGLE, 0)
        if singles >= FROM:
            for number, rate in enumerate(self.positions, 1):
                if rate.chance * singles >= EXPECTED and not rate.within(POSITION):
                    yield f"the right option is number {number} of the file in {_told(rate, POSITION)}"
            for name, rate in (("longest", self.longest), ("shortest", self.shortest)):
                if not rate.within(LENGTH):
                    yield f"the right option is the {name} in {_told(rate, LENGTH)}"
            if not RATIO[0] <= self.ratio <= RATIO[1]:
                limits = f"between {RATIO[0]} and {RATIO[1]}"
                yield f"right options are {self.ratio:.2f} times as long as wrong ones; {limits} gives nothing away"
        if self.kinds.get(Kind.YESNO, 0) >= FROM_TRUTHS and self.uniform > UNIFORM:
            yield f"all statements have one answer in {self.uniform:.0%} of the yes/no series; at most {UNIFORM:.0%}"
        if self.statements >= FROM_TRUTHS and not TRUE[0] <= self.true <= TRUE[1]:
            yield f"{self.true:.0%} of the statements are true; {TRUE[0]:.0%} to {TRUE[1]:.0%} gives nothing away"

    def thin(self, least: int) -> Iterator[str]:
        """Yield a sentence for each module with fewer than ``least`` questions and each exam domain without any.

        These are not faults: a bank may grow module by module.
        """
        for route, count in self.of_module.items():
            if count < least:
                yield f"module {route} has {count or 'no'} question{'' if count == 1 else 's'}, not {least}"
        for domain, count in self.of_domain.items():
            if not count:
                yield f"exam domain {domain} has no question"


def balance(bank: Bank) -> Balance:
    """Compute the statistics of ``bank``. Use it for checks, not at startup: it takes 0.5 s for 3,000 questions."""
    questions = tuple(bank.questions.values())
    singles = [question for question in questions if question.kind is Kind.SINGLE]
    domains = bank.course.exam.domains if bank.course.exam else ()
    modules = (node for node in bank.course.nodes.values() if isinstance(node, Module))
    return Balance(
        kinds=Counter(question.kind for question in questions),
        difficulties=Counter(question.difficulty for question in questions),
        of_module={module.route: len(bank.of_route.get(module.route, ())) for module in modules},
        of_domain={domain.id: len(bank.of_domain.get(domain.id, ())) for domain in domains},
        positions=_positions(singles),
        longest=_extreme(singles, 1),
        shortest=_extreme(singles, -1),
        ratio=_ratio([question for question in questions if question.kind in (Kind.SINGLE, Kind.MULTIPLE)]),
        true=_mean(_statements(questions)),
        statements=len(_statements(questions)),
        uniform=_uniform([question for question in questions if question.kind is Kind.YESNO]),
        alike=tuple(_alike(questions)),
    )


def _statements(questions: Sequence[Question]) -> list[bool]:
    """Return whether each statement is true: those alone and those of series."""
    alone = [question.answer is True for question in questions if question.kind is Kind.TRUTH]
    return alone + [statement.answer for question in questions for statement in question.statements]


def _uniform(series: Sequence[Question]) -> float:
    """Return the share of series whose statements are all true or all false."""
    return _mean([len({statement.answer for statement in question.statements}) == 1 for question in series])


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0


def _positions(singles: Sequence[Question]) -> tuple[Rate, ...]:
    return tuple(
        Rate(
            _mean([question.right == (position,) for question in singles]),
            _mean([(position < len(question.options)) / len(question.options) for question in singles]),
        )
        for position in range(max((len(question.options) for question in singles), default=0))
    )


def _extreme(singles: Sequence[Question], sign: int) -> Rate:
    """Return how often the correct option is the longest (``sign`` 1) or the shortest (-1)."""
    parts: list[float] = []
    for question in singles:
        lengths = [sign * len(text) for text in question.texts]
        (right,) = question.right
        parts.append((lengths[right] == max(lengths)) / lengths.count(max(lengths)))
    return Rate(_mean(parts), _mean([1 / len(question.options) for question in singles]))


def _ratio(questions: Sequence[Question]) -> float:
    logs = [
        log(_mean([len(option.text) for option in question.options if option.right]))
        - log(_mean([len(option.text) for option in question.options if not option.right]))
        for question in questions
    ]
    return exp(_mean(logs))


def _alike(questions: Sequence[Question]) -> list[Alike]:
    """Return the first ``MAX_ALIKE`` pairs of repeated questions, in the bank's order."""
    pairs = sorted(islice(_pairs([plain(_subject(question)).split() for question in questions]), MAX_ALIKE))
    return [Alike(questions[first].id, questions[second].id, score) for first, second, score in pairs]


def _subject(question: Question) -> str:
    """The text to compare: the prompt, or everything if the prompt only says what to do with the rest."""
    whole = question.kind in MANY_PARTS or question.case is not None or question.exhibit is not None
    return " ".join(question.all_texts) if whole else question.prompt


def _pairs(prompts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, float]]:
    """Yield indices and similarity of prompts (as words) that are alike.

    Prompts are added to an index by increasing length. Two that share ``SHARED`` of their words also share one of the
    rarest of them, if enough of those are looked up (prefix filtering, Chaudhuri et al. 2006).
    """
    texts = [" ".join(sorted(words)) for words in prompts]
    frequency = Counter(word for words in prompts for word in set(words))
    index: dict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(prompts)), key=lambda number: len(texts[number])):
        words = sorted(set(prompts[number]), key=lambda word: (frequency[word], word))
        rarest = words[: len(words) - ceil(SHARED * len(words)) + 1]
        # Of texts whose lengths differ more than this, even one that contains the other is not similar enough.
        shortest = len(texts[number]) * ALIKE / (200 - ALIKE)
        known = sorted({other for word in rarest for other in index[word] if len(texts[other]) >= shortest})
        close = process.extract(
            texts[number], [texts[other] for other in known], scorer=fuzz.ratio, limit=None, score_cutoff=ALIKE
        )
        for _, score, place in close:
            yield min(number, known[place]), max(number, known[place]), score
        for word in rarest:
            index[word].append(number)


def _told(rate: Rate, limits: tuple[float, float]) -> str:
    low, high = (limit * rate.chance for limit in limits)
    return f"{rate.share:.0%} of the single questions; {low:.0%} to {high:.0%} gives nothing away"
