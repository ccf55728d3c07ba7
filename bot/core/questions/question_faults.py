"""Check a question for faults that types can't check."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core.course.fault import Fault
from bot.core.questions.question import (
    MANY_PARTS,
    MAX_LINES,
    MAX_OPTIONS,
    MAX_PROMPT,
    MAX_PROMPT_IN_CASE,
    MAX_TEXT_WIDTH,
    MAX_WHOLE,
    MAX_WIDTH,
    Format,
    Kind,
    Question,
)

KEYS = {
    Kind.SINGLE: {"options"},
    Kind.MULTIPLE: {"options"},
    Kind.TRUTH: {"answer"},
    Kind.ORDER: {"options"},
    Kind.YESNO: {"statements"},
    Kind.COMPLETE: {"command", "command_format", "gaps"},
    Kind.MATCHING: {"choices", "items"},
}
"""The keys of each kind that the others don't have."""
ANSWER_KEYS = ("options", "answer", "statements", "command", "command_format", "gaps", "choices", "items")
_GAP = re.compile(r"\[(\d+)\]")
FENCE = "```"


def faults_of(question: Question) -> Iterator[Fault]:
    """Yield faults of one question that types can't check."""
    foreign = [
        key for key in ANSWER_KEYS if getattr(question, key) not in ((), None) and key not in KEYS[question.kind]
    ]
    for key in foreign:
        kinds = " or ".join(kind for kind, keys in KEYS.items() if key in keys)
        yield Fault((key,), f"is for the kind {kinds}, but the kind is {question.kind}")
    if question.kind in MANY_PARTS:
        yield from _of_parts(question)
    elif not foreign:
        yield from _of_options(question)
    yield from _of_texts("options", question.texts)
    yield from _of_lengths(question)
    yield from _of_block("exhibit", question.exhibit, question.exhibit_format)
    yield from _of_block("command", question.command, question.command_format)
    if question.exhibit is None and question.exhibit_format is not None:
        yield Fault(("exhibit_format",), "is for an `exhibit`, but there is none")


def _of_options(question: Question) -> Iterator[Fault]:
    count, right = len(question.options), sum(option.right for option in question.options)
    match question.kind:
        case Kind.SINGLE if count < 2 or right != 1:
            yield Fault(("options",), f"{right} of {count} are right; a single answer is 1 of 2 to {MAX_OPTIONS}")
        case Kind.MULTIPLE if not 2 <= right < count:
            yield Fault(("options",), f"{right} of {count} are right; a multiple answer is at least 2 and never all")
        case Kind.ORDER if not 3 <= count <= 5:
            yield Fault(("options",), f"{count} options; an order has 3 to 5")
        case Kind.ORDER if right:
            yield Fault(("options",), "one is marked as right; list the options of an order in the right order")
        case Kind.TRUTH if question.answer is None:
            yield Fault((), "a statement needs `answer`, true or false")


def _of_parts(question: Question) -> Iterator[Fault]:
    match question.kind:
        case Kind.YESNO:
            if len(question.statements) != 3:
                yield Fault(("statements",), f"{len(question.statements)} statements; a series has 3")
            yield from _of_texts("statements", [statement.text for statement in question.statements])
        case Kind.COMPLETE:
            yield from _of_gaps(question)
        case Kind.MATCHING:
            yield from _of_matching(question)


def _of_gaps(question: Question) -> Iterator[Fault]:
    if question.command is None:
        yield Fault((), "a completion needs `command`, with gaps such as [1]")
    if not 2 <= len(question.gaps) <= 3:
        yield Fault(("gaps",), f"{len(question.gaps)} gaps; a command has 2 or 3")
    found = Counter(_GAP.findall(question.command or ""))
    wanted = [str(number) for number in range(1, len(question.gaps) + 1)]
    if question.command is not None and found != Counter(wanted):
        names = ", ".join(f"[{number}]" for number in wanted)
        yield Fault(("command",), f"must contain each gap once: {names}")
    for number, gap in enumerate(question.gaps):
        if gap.right not in gap.options:
            yield Fault(("gaps", number, "right"), f"{gap.right!r} is not one of the gap's options")
        for fault in _of_texts("options", gap.options, exact=True):
            yield Fault(("gaps", number, *fault.place), fault.says)


def _of_matching(question: Question) -> Iterator[Fault]:
    if not 3 <= len(question.items) <= 5:
        yield Fault(("items",), f"{len(question.items)} items; a matching has 3 to 5")
    if not 3 <= len(question.choices) <= MAX_OPTIONS:
        yield Fault(("choices",), f"{len(question.choices)} choices; a matching has 3 to {MAX_OPTIONS}")
    for number, item in enumerate(question.items):
        if item.answer not in question.choices:
            yield Fault(("items", number, "answer"), f"{item.answer!r} is not one of the choices")
    yield from _of_texts("choices", question.choices)
    yield from _of_texts("items", [item.text for item in question.items])


def _of_texts(key: str, texts: Sequence[str], *, exact: bool = False) -> Iterator[Fault]:
    """Yield faults of texts that one chooses from. They must differ in more than case, unless ``exact``."""
    known: dict[str, int] = {}
    for index, text in enumerate(texts):
        before = known.setdefault(" ".join((text if exact else text.casefold()).split()), index)
        if before < index:
            yield Fault((key, index), f"says the same as option {before + 1}")
        if len(text.splitlines()) > 1:
            yield Fault((key, index), "an option must be one line")


def _of_lengths(question: Question) -> Iterator[Fault]:
    length = len(question.prompt)
    if question.case is not None and length > MAX_PROMPT_IN_CASE:
        yield Fault(("prompt",), f"{length} characters; at most {MAX_PROMPT_IN_CASE} in a case study")
    elif question.exhibit is None and length > MAX_PROMPT:
        yield Fault(("prompt",), f"{length} characters; at most {MAX_PROMPT} without an exhibit")
    if (whole := length_of(question)) > MAX_WHOLE:
        yield Fault(
            (), f"{whole} characters without the explanation; at most {MAX_WHOLE} fit: shorten the exhibit or prompt"
        )


def length_of(question: Question) -> int:
    """Return the length of the texts that are shown before and after the answer, without explanation and case study."""
    texts = [question.prompt, question.exhibit or "", question.command or "", *question.texts]
    for part in question.parts:
        texts += [part.label, 2 * max(part.options, key=len)]
    return sum(map(len, texts))


def _of_block(key: str, text: str | None, language: Format | None) -> Iterator[Fault]:
    """Yield faults of a code block. Its place is that of the key, since YAML doesn't know the lines within a text."""
    if text is None:
        return
    found = text.rstrip().split("\n")
    most = MAX_TEXT_WIDTH if language in (None, Format.TEXT) else MAX_WIDTH
    if len(found) > MAX_LINES:
        yield Fault((key,), f"{len(found)} lines; at most {MAX_LINES} fit on a phone")
    for number, line in enumerate(found, 1):
        if len(line) > most:
            yield Fault((key,), f"line {number} has {len(line)} characters; at most {most} fit on a phone")
    if FENCE in text:
        yield Fault((key,), "must not contain ```, which ends the code block")
    if "\t" in text:
        yield Fault((key,), "must not contain tabs; use spaces")
