"""A mock exam before and while it is taken: what it will be, its questions, and the ways out of it."""

from collections.abc import Sequence

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.mock_exam import Item
from bot.core.questions.mock_exam_report import percent
from bot.core.questions.question import LETTERS, shuffled
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Ending, Finished, GivenUp, GivingUp, Lobby, Mistake, Sitting
from bot.views import mock_exam_report
from bot.views.buttons import Press, button
from bot.views.layout import Row, State, card, duration, notice, plural, safe, shortened
from bot.views.question import asked, controls

SURE = "yes"
"""What the button of a confirmation says besides what the one before it said."""

Shown = Lobby | Sitting | Ending | GivingUp | GivenUp | Finished | Mistake


def mock(found: Shown) -> ui.LayoutView:
    """Whatever there is to show of a mock exam."""
    match found:
        case Lobby():
            view = lobby(found)
        case Sitting():
            view = sitting(found)
        case Ending():
            view = ending(found)
        case GivingUp():
            view = giving_up(found)
        case GivenUp():
            view = given_up(found)
        case Finished():
            view = mock_exam_report.finished(found)
        case Mistake():
            view = mock_exam_report.mistake(found)
    return view


def lobby(found: Lobby) -> ui.LayoutView:
    """What the exam would be, with the button that starts the clock."""
    course = found.bank.course
    domains = course.exam.domains if course.exam else ()
    parts = [
        f"-# {found.counts[domain.id]} · {safe(shortened(domain.title, 60))}"
        for domain in domains
        if found.counts.get(domain.id)
    ]
    minutes = found.minutes or 0
    return card(
        State.PROGRESS,
        f"### {safe(course.code)} mock exam\n**{plural(found.count, 'question')}{_timing(found.minutes)}**",
        "\n".join([*parts, *mock_exam_report.silent(found.silent)]),
        "\n".join([*_earlier(found.results), f"-# {_rules(found.minutes)}"]),
        rows=[
            [
                button("Start", "examgo", course.id, found.count, minutes, style=ButtonStyle.success),
                _at_pace(found) if found.minutes is None else button("Untimed", "exam", course.id, found.count, 0),
            ]
        ],
    )


def sitting(found: Sitting) -> ui.LayoutView:
    """The question that is to be answered; nothing tells whether an answer is right."""
    if found.item is None:
        row: Row = [_to_give_up(found)]
        return notice(
            "The questions of this mock exam have left the course's bank, so there are none to ask.", rows=[row]
        )
    item, key = found.item, _key(found)
    rows = controls(item.question, found.paper.seed, "exampick", *key, item.place, picked=_letters(found, item))
    head = f"{_code(found)} mock exam · **{found.items.index(item) + 1} of {len(found.items)}**{_ends(found)}"
    return card(
        State.PROGRESS,
        f"{head}\n-# {_state(found, item)}",
        None,
        asked(item.question, found.paper.seed),
        rows=[*rows, _turning(found, item)],
    )


def ending(found: Ending) -> ui.LayoutView:
    """Asks whether to finish, and says what is missing."""
    at = found.sitting
    left = at.unanswered
    finish = button("Finish" if not left else "Finish anyway", "examend", *_key(at), SURE, style=ButtonStyle.success)
    if not left:
        text = f"**All {plural(len(at.items), 'question')} answered.** They are marked when you finish."
        back = _place(at)
        return card(
            State.PROGRESS,
            f"### {_code(at)} mock exam{_ends(at)}\n{text}",
            rows=[[finish, button("Look again", "examat", *_key(at), back)]],
        )
    first = next(item.place for item in at.items if not item.complete)
    return card(
        State.WARNING,
        f"### ⚠️ {plural(left, 'question')} unanswered\n{_code(at)} mock exam{_ends(at)}",
        "Finish now? What is unanswered counts as wrong.",
        rows=[[button("Go on", "examat", *_key(at), first, style=ButtonStyle.primary), finish, _to_give_up(at)]],
    )


def giving_up(found: GivingUp) -> ui.LayoutView:
    """Asks before the answers go, or which of two mock exams it is to be."""
    at = found.sitting
    done = len(at.items) - at.unanswered
    what = f"{plural(len(at.items), 'question')}{_timing(at.paper.minutes)}, {done} answered{_ends(at)}"
    go_on = button("Go on", "examat", *_key(at), _place(at), style=ButtonStyle.primary)
    if found.asked:
        title = f"### A mock exam of {_code(at)} is open\n**{what}**"
        return card(
            State.WARNING,
            title,
            "Go on with it, or give it up: its answers go, and then you can start another one.",
            rows=[[go_on, _to_give_up(at)]],
        )
    return card(
        State.WARNING,
        f"### ⚠️ Give this mock exam up?\n**{what}**",
        "Nothing of it is marked or kept.",
        rows=[[go_on, button("Give up", "examdrop", *_key(at), SURE, style=ButtonStyle.danger)]],
    )


def given_up(found: GivenUp) -> ui.LayoutView:
    """Confirms that nothing is kept."""
    state = (found.course.id, max(1, found.count), found.minutes or 0)
    again = button("New mock exam", "exam", *state)
    return notice(
        f"The {safe(found.course.code)} mock exam is given up; nothing of it is kept.", State.DONE, rows=[[again]]
    )


def _key(found: Sitting) -> tuple[str, int]:
    """What every button carries: the course and the number."""
    return found.bank.course.id, found.paper.number


def _code(found: Sitting) -> str:
    return safe(found.bank.course.code)


def _place(found: Sitting) -> int:
    return found.item.place if found.item else 0


def _timing(minutes: int | None) -> str:
    return f" in {duration(minutes)}" if minutes else ", untimed"


def _ends(found: Sitting) -> str:
    return f" · ends {format_dt(found.paper.ends, 'R')}" if found.paper.ends else ""


def _state(found: Sitting, item: Item) -> str:
    """How far it is, and whether the question shown is answered."""
    said = [f"{len(found.items) - found.unanswered} answered"]
    if item.complete:
        said.append("this one too: you can change it")
    elif item.given:
        said.append("this one isn't complete yet")
    if found.gone:
        said.append(f"{plural(found.gone, 'question')} left the bank and won't count")
    return " · ".join(said)


def _letters(found: Sitting, item: Item) -> str:
    """The letters of this showing that stand for what is chosen."""
    order = shuffled(item.question, found.paper.seed)
    return "".join(LETTERS[order.index(index)] for index in item.given)


def _turning(found: Sitting, item: Item) -> Row:
    """Back and Next where there is something, and Finish."""
    at = found.items.index(item)
    before = found.items[at - 1] if at else None
    after = found.items[at + 1] if at + 1 < len(found.items) else None
    return [
        button("Back", "examat", *_key(found), before.place) if before else None,
        button("Next", "examat", *_key(found), after.place) if after else None,
        button("Finish", "examend", *_key(found)),
    ]


def _to_give_up(found: Sitting) -> Press:
    return button("Give up", "examdrop", *_key(found), style=ButtonStyle.danger)


def _at_pace(found: Lobby) -> Press | None:
    if not found.pace:
        return None
    return button(f"Timed: {duration(found.pace)}", "exam", found.bank.course.id, found.count, found.pace)


def _rules(minutes: int | None) -> str:
    clock = "The clock starts with Start and does not pause. " if minutes else ""
    return f"{clock}Nothing is marked until you finish. Leave when you like: `/exam` goes on where you were."


def _earlier(results: Sequence[Result]) -> list[str]:
    """The latest results, in a line."""
    said = [
        f"{percent(each.right, each.asked)} % of {each.asked} ({format_dt(each.ended, 'd')})"
        for each in results
        if each.asked
    ]
    return [f"-# Your last: {', '.join(said)}"] if said else []
