"""Render a question and its answer, for reviews, quizzes and mock exams. ``question_controls`` has the buttons."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.core.questions.answer import NO_LETTER, UNANSWERED, letters_of, part_orders, shuffled
from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS, MANY_PARTS, TRUTHS, Format, Kind, Part, Question
from bot.views.layout import hyperlink, truncate

INSTRUCTIONS = {
    Kind.SINGLE: "Choose one answer.",
    Kind.TRUTH: "True or false?",
    Kind.ORDER: "Tap the letters in the correct order.",
    Kind.YESNO: "Choose Yes or No for each statement.",
    Kind.COMPLETE: "Choose what belongs in each gap.",
    Kind.MATCHING: "Choose a match for each item. You can use a choice more than once.",
}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")
MAX_WITH_SCENARIO = 3300
"""The maximum length of question, answer and scenario together; the rest of a message needs less than what remains."""
DOCUMENTATION = ("Documentation", "More documentation")
"""Titles of links to pages that aren't units of the course."""
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+(?=[A-Z`\"“])")
_HEADING = re.compile(r"\*\*(.+)\*\*")
_GAP = re.compile(r"\[(\d)\]")


def scenario(question: Question, bank: Bank, among: Sequence[str] = ()) -> str:
    """The case study of a question; empty without one. ``among`` are its questions that are asked, by default all."""
    case = bank.case_of(question)
    if case is None:
        return ""
    ids = among or case.questions
    number = f" · question {ids.index(question.id) + 1} of {len(ids)}" if question.id in ids else ""
    return f"**Case study: {_plain(case.title)}**{number}\n{_case_text(case.text)}"


def asked(question: Question, seed: int, picked: str = "") -> str:
    """The prompt and the options with their letters, in the order drawn by ``seed``. ``picked`` letters are marked."""
    shown = zip(LETTERS, shuffled(question, seed), strict=False)
    lines = [*_task(question), *_command(question)]
    match question.kind:
        case Kind.TRUTH:
            lines += [f"Your answer: **{question.texts[index]}**" for letter, index in shown if letter in picked]
        case Kind.ORDER:
            lines += [f"`{letter}` {_plain(question.texts[index])}" for letter, index in shown]
            lines += [f"Your order: **{' → '.join(picked)}**"] if picked.strip(NO_LETTER) else []
        case Kind.YESNO | Kind.MATCHING:
            lines += [f"**{number}.** {_plain(part.label)}" for number, part in enumerate(question.parts, 1)]
        case Kind.SINGLE | Kind.MULTIPLE:
            lines += [
                f"`{letter}` **{_plain(question.texts[index])}** · your answer"
                if letter in picked
                else f"`{letter}` {_plain(question.texts[index])}"
                for letter, index in shown
            ]
    return "\n".join([*lines, f"-# {instruction(question)}"])


def instruction(question: Question) -> str:
    """How to answer, with the number of correct options, as exams say it."""
    if question.kind is Kind.MULTIPLE:
        return f"Choose {NUMBERS[len(question.right)]}."
    return INSTRUCTIONS[question.kind]


def answered(question: Question, seed: int, given: Sequence[int]) -> str:
    """The options in the order drawn by ``seed``; words mark the correct ones and those that were chosen.

    ``given`` are option indices of the file, empty if nothing was answered.
    """
    lines = _task(question)
    if question.kind is Kind.ORDER:
        lines += [f"{number}. {_plain(question.texts[index])}" for number, index in enumerate(question.right, 1)]
        lines += [f"-# Your order: {' → '.join(str(index + 1) for index in given)}"] if given else []
    elif question.kind in MANY_PARTS:
        lines += _command(question, solved=True)
        choices = given or (UNANSWERED,) * len(question.parts)
        lines += [
            _part_line(question.kind, number, part, index, known=bool(given))
            for number, (part, index) in enumerate(zip(question.parts, choices, strict=True), 1)
        ]
    else:
        lines += [
            _answer_line(letter, question, index, index in given)
            for letter, index in zip(LETTERS, shuffled(question, seed), strict=False)
        ]
    return "\n".join(lines)


def scenario_again(question: Question, bank: Bank, *texts: str) -> str:
    """The case study after the answer, if it fits in a message with ``texts``; else only its title."""
    text = scenario(question, bank)
    if len(text) + sum(map(len, texts)) <= MAX_WITH_SCENARIO:
        return text
    case = bank.case_of(question)
    return f"-# Case study: {_plain(case.title)}" if case else ""


def right_parts(question: Question, given: Sequence[int]) -> str:
    """How many parts are right, as ``2 of 3 right``; empty for a question without parts."""
    if not question.parts or not given:
        return ""
    right = sum(index == part.right for index, part in zip(given, question.parts, strict=True))
    return f"{right} of {len(question.parts)} right"


def explanation(question: Question, bank: Bank) -> str:
    """The explanation, with links to the page that contains the answer and to the unit that teaches it."""
    titles = iter(DOCUMENTATION)
    unit = bank.course.nodes.get(question.unit)
    links = [
        hyperlink(unit.title if unit and address == unit.link else next(titles), address)
        for address in question.references
    ] or [source(question, bank)]
    return f"{_plain(question.explanation)}\n-# Learn more: {' · '.join(links)}"


def source(question: Question, bank: Bank) -> str:
    """A link to the unit that teaches the answer, or else to the page that contains it or to the module."""
    unit = bank.course.nodes.get(question.unit)
    about = bank.course.nodes[question.route]
    if unit:
        return hyperlink(unit.title, unit.link)
    return hyperlink(about.title, question.references[0] if question.references else about.link)


def answer_labels(question: Question, seed: int, given: Sequence[int]) -> list[str]:
    """The labels of an answer: letters, True or False, or the chosen option of each part."""
    if question.kind in MANY_PARTS:
        return [
            "–" if index == UNANSWERED else code_free(part.options[index])
            for part, index in zip(question.parts, given, strict=False)
        ]
    return [letter_label(question, letter) for letter in letters_of(question, seed, given)]


def letter_label(question: Question, letter: str) -> str:
    """The label of an answer's button: the letter, or True or False."""
    return TRUTHS[LETTERS.index(letter)] if question.kind is Kind.TRUTH else letter


def code_free(text: str) -> str:
    """A text for labels, which show no code."""
    return text.replace("`", "")


def choices_in_order(question: Question, seed: int) -> list[list[tuple[str, str]]]:
    """For each part, the letters and texts of its options in the order drawn by ``seed``."""
    return [
        [(letter, part.options[index]) for letter, index in zip(LETTERS, order, strict=False)]
        for part, order in zip(question.parts, part_orders(question, seed), strict=True)
    ]


def _task(question: Question) -> list[str]:
    """The prompt, with its last sentence in bold, and the exhibit."""
    *situation, task = _SENTENCE_END.split(question.prompt)
    text = " ".join([*map(_plain, situation), f"**{_plain(task)}**"])
    return [text, *([code_block(question.exhibit, question.exhibit_format)] if question.exhibit else [])]


def code_block(text: str, language: Format | None) -> str:
    """A code block; its language colors it."""
    name = language.value if language and language is not Format.TEXT else ""
    return f"```{name}\n{text.rstrip()}\n```"


def _command(question: Question, *, solved: bool = False) -> list[str]:
    """The command or text of a completion, with gaps or filled in. A text is quoted, because code would not wrap."""
    if question.command is None:
        return []
    if question.command_format is not Format.TEXT and question.command_format is not None:
        text = _filled(question, "{}") if solved else question.command
        return [code_block(text, question.command_format)]
    text = " ".join(question.command.split())
    if solved:
        return [f"> {_GAP.sub(lambda gap: f'**{_plain(_right(question, gap[1]))}**', _plain(text))}"]
    return [f"> {_GAP.sub(lambda gap: f'**[{gap[1]}]**', _plain(text))}"]


def _filled(question: Question, form: str) -> str:
    return _GAP.sub(lambda gap: form.format(_right(question, gap[1])), question.command or "")


def _right(question: Question, number: str) -> str:
    """The right option of a gap."""
    part = question.parts[int(number) - 1]
    return part.options[part.right]


def _part_line(kind: Kind, number: int, part: Part, given: int, *, known: bool) -> str:
    """A part after the answer: the choice and, if it is wrong, the right one. ``known``: there is an answer."""
    name = f"[{number}]" if kind is Kind.COMPLETE else f"{number}. {_plain(part.label)}"
    right = _plain(part.options[part.right])
    if not known:
        return f"{name} → **{right}**"
    if given == part.right:
        return f"✅ {name} → **{right}** · correct"
    chosen = "not answered" if given == UNANSWERED else f"your answer: {_plain(part.options[given])}"
    return f"❌ {name} → **{right}** · {chosen}"


def _answer_line(letter: str, question: Question, index: int, given: bool) -> str:
    """An option after the answer. What is neither correct nor chosen is in small type."""
    text = question.texts[index]
    shown = text if question.kind is Kind.TRUTH else f"`{letter}` {_plain(text)}"
    match index in question.right, given:
        case True, True:
            return f"✅ {shown} · correct, your answer"
        case True, False:
            return f"✅ {shown} · correct"
        case False, True:
            return f"❌ {shown} · your answer"
        case _:
            return f"-# {shown}"


def shortened(text: str, length: int) -> str:
    """A text of a question in one line of at most ``length`` characters, as it is shown."""
    cut = truncate(" ".join(text.split()), length)
    return _plain(f"{cut}`" if cut.count("`") % 2 else cut)


@lru_cache(maxsize=8192)
def _case_text(text: str) -> str:
    """The text of a case study. A whole line in ``**`` is a heading; asterisks elsewhere are shown as they are."""
    lines = ((line, _HEADING.fullmatch(line)) for line in text.splitlines())
    return "\n".join(f"**{_plain(heading[1])}**" if heading else _plain(line) for line, heading in lines)


def _plain(text: str) -> str:
    """A text of a question without Markdown, except code. An asterisk in Azure's names would start italics."""
    pieces = text.split("`")
    return "`".join(piece.replace("*", "\\*") if place % 2 == 0 else piece for place, piece in enumerate(pieces))
