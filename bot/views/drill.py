"""Render a drill: the choice of one, what its answers change, and its end."""

from collections import Counter
from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.questions.bank import Bank
from bot.core.questions.drill import Scope, Topic
from bot.core.questions.fsrs import Rating
from bot.core.questions.question import Question
from bot.study.drill_results import DrillChoice, FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard
from bot.views import question as question_views
from bot.views.buttons import button, option, select
from bot.views.layout import Component, Row, State, bar, escape, message_view, plural, truncate

WHOLE_DOMAIN = "-"
"""The value of the select of skills for all of the domain."""
SOURCES = 3
"""Maximum number of units to read again after a round."""
_TITLES = {
    Topic.MISTAKES: "Mistakes",
    Topic.EXAM: "Mistakes in your mock exam",
    Topic.HELPS: "What helps most",
}
_LEAVES = "Answer {it} correctly on another day to take {it} off your list."


def drill_button(course: Course, mistakes: int, *, primary: bool = False) -> Component | None:
    """The button that drills the learner's mistakes; None if there are none to drill now."""
    style = ButtonStyle.primary if primary else ButtonStyle.secondary
    label = f"Drill {plural(mistakes, 'mistake')}"
    return button(label, "drill", course.id, Topic.MISTAKES.value, style=style) if mistakes else None


def choice_button(course: Course, mistakes: int) -> Component:
    """The button that opens the choice of a drill, with the number of mistakes to drill now."""
    return button(f"Drill ({mistakes:,})" if mistakes else "Drill", "drillpanel", course.id)


def choice(found: DrillChoice) -> ui.LayoutView:
    """What can be drilled: mistakes first, then what helps most, a domain, one of its skills, or a learning path."""
    course, bank = found.bank.course, found.bank
    waiting = found.listed - found.ready
    lines = [f"**{plural(found.ready, 'mistake')} to drill**" if found.ready else "**No mistakes to drill right now**"]
    if waiting:
        lines.append(f"-# {plural(waiting, 'more mistake')} answered correctly today. Try again on another day.")
    note = "-# A drill changes your review schedule only for questions that are due."
    helps = button("What helps most", "drill", course.id, Topic.HELPS.value) if found.helps else None
    rows: list[Row] = [
        [drill_button(course, found.ready, primary=True), helps, button("Review", "review", course.id)],
        [_domain_select(found)],
        [_skill_select(found)],
        [_path_select(bank)],
    ]
    head = f"### {escape(course.code)} drill"
    return message_view(State.PROGRESS, "\n".join([head, *lines]), note, rows=rows)


def _domain_select(found: DrillChoice) -> Component | None:
    course = found.bank.course
    domains = course.exam.domains if course.exam else ()
    options = [
        option(truncate(domain.title, 100), domain.id, default=domain is found.domain)
        for domain in domains
        if domain.id in found.bank.of_domain
    ]
    if not options:
        return None
    state = ("drillpanel", course.id) if course.domain_of_skill else ("drill", course.id, Topic.DOMAIN.value)
    return select("Choose an exam domain", options, *state)


def _skill_select(found: DrillChoice) -> Component | None:
    """The skills of the chosen domain."""
    course, domain = found.bank.course, found.domain
    if domain is None or course.exam is None:
        return None
    options = [option("All of this domain", WHOLE_DOMAIN)]
    options += [
        option(truncate(skill.statement, 100), skill.id) for skill in domain.skills if skill.id in found.bank.of_skill
    ]
    number = course.exam.domains.index(domain)
    return select("Choose a skill", options, "drill", course.id, Topic.SKILL.value, number)


def _path_select(bank: Bank) -> Component | None:
    paths = [path for path in bank.course.paths if path.route in bank.of_route]
    options = [option(truncate(path.title, 100), path.route) for path in paths]
    return select("Choose a learning path", options, "drill", bank.course.id, Topic.PATH.value) if options else None


def title(scope: Scope, course: Course) -> str:
    """Return what a drill is about, in words."""
    domains = course.exam.domains if course.exam else ()
    match scope.topic:
        case Topic.DOMAIN:
            return next((domain.title for domain in domains if domain.id == scope.id), "A domain")
        case Topic.SKILL:
            skills = (skill for domain in domains for skill in domain.skills)
            return next((skill.statement for skill in skills if skill.id == scope.id), "A skill")
        case Topic.PATH:
            return course.nodes[scope.id].title if scope.id in course.nodes else "A learning path"
        case _:
            return _TITLES[scope.topic]


def asked_head(found: AskedCard, scope: Scope) -> list[str]:
    """The first lines above a question of a drill."""
    course = found.bank.course
    about = f"{truncate(title(scope, course), 80)} · {truncate(course.nodes[found.question.route].title, 80)}"
    return [f"### {escape(course.code)} drill · {found.position} of {found.goal}", f"-# {escape(about)}"]


def answer_lines(found: AnsweredCard) -> list[str]:
    """What an answer changes on the list of mistakes, and in a drill that nothing else changes."""
    lines = []
    if found.rating is not None:
        if found.listed is None:
            lines += ["**Off your list of mistakes.**"] if found.was_listed else []
        elif not found.right:
            lines.append("It stays on your list of mistakes until you answer it correctly on two different days.")
        elif found.listed.right_on:
            lines.append(_LEAVES.format(it="it"))
    if not found.counted:
        lines.append("-# It wasn't due, so your review schedule stays the same.")
    return lines


def guess_button(found: AnsweredCard) -> Component:
    """The button next to the ratings of a correct answer. It adds the question to the list, or keeps it there."""
    return button("I guessed", "rate", found.bank.course.id, found.seed, int(Rating.HARD), "guess")


def next_buttons(found: AnsweredCard) -> Row:
    """The buttons after an answer that changes no card."""
    rating = int(found.rating or found.default_rating)
    next_ = button("Next", "rate", found.bank.course.id, found.seed, rating, style=ButtonStyle.primary)
    return [next_, guess_button(found) if found.right else None]


def finished(found: FinishedDrill) -> ui.LayoutView:
    """The end of a drill, or why there is nothing to drill."""
    course, code = found.bank.course, escape(found.bank.course.code)
    note = [f"-# ↩️ {found.note}"] if found.note else []
    rows: list[Row] = [
        [
            drill_button(course, found.ready, primary=True),
            button("Choose a drill", "drillpanel", course.id),
            button("Review", "review", course.id),
            button("Undo last answer", "reviewundo", course.id, found.seed) if found.can_undo else None,
        ]
    ]
    if not found.done:
        return message_view(State.PLAIN, "\n".join([*note, f"### {code} drill", *_nothing(found)]), rows=rows)
    return message_view(
        State.DONE if found.right == found.done else State.PROGRESS,
        "\n".join([
            *note,
            f"### {code} drill finished",
            f"**{found.right} of {found.done} correct**",
            bar(100 * found.right // found.done),
            f"-# {escape(truncate(title(found.scope, course), 150))}",
        ]),
        "\n".join(read_again(found.missed, found.bank)),
        _list_line(found),
        rows=rows,
    )  # fmt: skip


def read_again(missed: Sequence[Question], bank: Bank) -> list[str]:
    """Links to the units that missed questions are about, those with the most of them first."""
    counts = Counter(question_views.source(question, bank) for question in missed)
    if not counts:
        return []
    return ["**Read again**", *(f"- {link}" for link, _ in counts.most_common(SOURCES))]


def _nothing(found: FinishedDrill) -> list[str]:
    if found.seed:
        return ["**You ended this drill.**", "Choose another one, or continue with your reviews."]
    if found.scope.topic is Topic.HELPS:
        return ["**Nothing to drill yet.**", "Answer some review questions first, so I know what you forget."]
    if not found.listed:
        return ["**Your list of mistakes is empty.**", "Questions that you answer incorrectly are added to it."]
    if found.ready:
        return ["**Nothing left to drill here today.**", "You have other mistakes to drill."]
    return ["**No mistakes to drill right now.**", _list_line(found)]


def _list_line(found: FinishedDrill) -> str:
    """How many mistakes are left, and what takes them off the list."""
    if not found.listed:
        return "Your list of mistakes is empty."
    left = f"{plural(found.listed, 'mistake')} on your list."
    return left if found.ready else f"{left} {_LEAVES.format(it='it' if found.listed == 1 else 'them')}"
