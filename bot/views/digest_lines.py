"""The lines below the picture of a digest: what comes next for the group, and news of its members."""

import re
from collections.abc import Sequence

from bot.core.cohort.digest import NAMED, Digest
from bot.core.cohort.highlight import Reason
from bot.core.questions.daily_question import KnownQuestion
from bot.study.digest_content import DigestContent, Names
from bot.views.digest_texts import MAX_TITLE, day_of_year
from bot.views.layout import duration, escape, escape_typed, hyperlink, member_name, plural, truncate
from bot.views.passes import digest_line
from bot.views.pictures.words import listed
from bot.views.question import code_free

MAX_LINES, LINE = 13, 33
MAX_PROMPT = 40
"""How many lines of a phone the texts of a digest take at most, and how many characters are on one."""
_MARKUP = re.compile(r"\]\([^)]*\)|\*\*|[\[\\\u2068\u2069]")


def name_of(names: Names, learner: int) -> str:
    """Return the member's name, or a mention if the name is unknown. Mentions of the bot don't notify."""
    name = names.get(learner)
    return f"**{member_name(name)}**" if name else f"<@{learner}>"


def _names(content: DigestContent, learners: Sequence[int]) -> str:
    names = [name_of(content.names, learner) for learner in learners[:NAMED]]
    return listed([*names, f"{len(learners) - NAMED} more"] if len(learners) > NAMED else names)


def lines_below(content: DigestContent, above: Sequence[str]) -> str:
    """What comes next for the group, and as many of the other lines as fit on a phone, most important first.

    ``above`` are the lines above the picture.
    """
    suggestion, *others = (
        _suggestion(content.digest), digest_line(*content.digest.passed), _exams(content), _updates(content.digest),
        _daily_questions(content.digest), _joined(content), _returned(content), _focus(content.digest),
        _streaks(content), _days_off(content.digest),
    )  # fmt: skip
    room, kept = MAX_LINES - sum(map(_height, (*above, suggestion))), []
    for line in others:
        if line and _height(line) <= room:
            kept.append(line)
            room -= _height(line)
    return "\n".join([*kept, suggestion] if suggestion else kept)


def _height(line: str) -> int:
    """Return about how many lines a text takes on a phone."""
    return -(-len(_MARKUP.sub("", line)) // LINE)


def _updates(digest: Digest) -> str:
    if not digest.updates:
        return ""
    return f"📘 {escape(digest.course.code)} was updated: {escape_typed(truncate(digest.updates, 200))}."


def _joined(content: DigestContent) -> str:
    return f"👋 Welcome {_names(content, content.digest.joined)}!" if content.digest.joined else ""


def _returned(content: DigestContent) -> str:
    """Who is back, except the member who is named first for that."""
    chosen = content.digest.highlight
    first = chosen.person.id if chosen and chosen.reason is Reason.RETURNED else 0
    returned = [learner for learner in content.digest.returned if learner != first]
    return f"🌱 Back at it: {_names(content, returned)}. Good to see you!" if returned else ""


def _streaks(content: DigestContent) -> str:
    longest = content.digest.streaks
    streaks = [(learner, _length(days, "day", 1)) for learner, days in longest.days]
    streaks += [(learner, _length(weeks, "week", 7)) for learner, weeks in longest.weeks]
    named = [f"{name_of(content.names, learner)} {length}" for learner, length in streaks]
    return f"🔥 Streaks: {', '.join(named)}" if named else ""


def _length(count: int, word: str, days: int) -> str:
    """Format a streak. More than a year isn't read."""
    return "over a year" if count * days > 365 else plural(count, word)


def _days_off(digest: Digest) -> str:
    return f"🏖️ {people_with_days_off(digest.away)}" if digest.quiet and digest.away else ""


def people_with_days_off(count: int) -> str:
    return "1 person has days off" if count == 1 else f"{count:,} people have days off"


def _exams(content: DigestContent) -> str:
    """The exams of the coming week, on one line."""
    today, exams = content.digest.week.today, content.digest.exams_soon
    if not exams:
        return ""
    if len(exams) == 1:
        ((learner, on),) = exams
        when = "today" if on == today else f"on {day_of_year(on)}"
        return f"📅 {name_of(content.names, learner)} takes the exam {when}. Good luck!"
    dates = [f"{name_of(content.names, learner)} on {day_of_year(on)}" for learner, on in exams[:NAMED]]
    if len(exams) > NAMED:
        dates.append(f"{len(exams) - NAMED} more")
    return f"📅 Exams: {listed(dates)}. Good luck!"


def _focus(digest: Digest) -> str:
    """The module that most people are working on."""
    if not digest.focus or digest.focus_members < 2:
        return ""
    who = "Most of you" if 2 * digest.focus_members > len(digest.people) else f"{digest.focus_members} of you"
    return f"{who} are working on {hyperlink(truncate(digest.focus.title, MAX_TITLE), digest.focus.link)}."


def _daily_questions(digest: Digest) -> str:
    """How many took part in the question of the day, and the best- and least-known one of the week."""
    week = digest.daily_questions
    if week is None:
        return ""
    text = f"❓ Question of the day: {plural(week.answers, 'answer')} from {plural(week.members, 'member')}."
    if week.best is None or week.least is None:
        return text
    return f"{text} Best known: {_known(week.best)}. Least known: {_known(week.least)}."


def _known(known: KnownQuestion) -> str:
    title = truncate(" ".join(code_free(known.question.prompt).split()), MAX_PROMPT)
    return f"{hyperlink(title, known.link)} ({100 * known.right // known.answers}%)"


def _suggestion(digest: Digest) -> str:
    node = digest.suggestion
    if node is None:
        return ""
    minutes = f", {duration(node.length)}" if node.length else ""
    label = "Up next for the group" if digest.members else "Start with"
    return f"**{label}:** {hyperlink(truncate(node.title, MAX_TITLE), node.link)}{minutes}"
