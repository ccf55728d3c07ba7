"""The weekly digest as a message, and the panel on which it is set up."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.slots import DAYS
from bot.core.cohort.digest import NAMED, Digest, Person
from bot.store.deliveries import OpenDelivery, Receipt, ScheduleState
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.study.digests import DigestStatus
from bot.views.buttons import button
from bot.views.layout import Part, State, card, duration, linked, pages, person, plural, safe, shortened

PICTURE = "digest.png"
ROOM_FOR_PEOPLE, ROOM_FOR_GROUP, ROOM_FOR_REST = 1500, 600, 1500
"""Characters of a message for each part of a digest; together with its head they stay below the limit."""


def digest(content: DigestContent, alt: str | None = None) -> ui.LayoutView:
    """The message of a week. ``alt`` describes the picture that goes with it; without it there is none."""
    it = content.digest
    course = it.course
    head = f"### {safe(course.code)} · {_week(it.first, it.last)}"
    if content.late_since:
        head += f"\n-# Late: it was due {discord.utils.format_dt(content.late_since, 'F')}"
    parts = _quiet(content) if it.quiet else _busy(content)
    picture = None if alt is None else discord.MediaGalleryItem(f"attachment://{PICTURE}", description=alt[:1024])
    return card(
        State.PLAIN if it.quiet else State.PROGRESS,
        f"{head}\n{parts[0]}",
        "" if picture is None else ui.MediaGallery(picture),
        *parts[1:],
        rows=[
            [
                button("Tick something", "some", *content.marker.text.split(":"), style=ButtonStyle.primary, emoji="☑️"),
                button("My progress", "mine", course.id),
                button("Away this week", "away", course.id),
            ]
        ],
    )


def _week(first: date, last: date) -> str:
    """``16 to 22 November``; both months where they differ."""
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{start} to {last.day} {last:%B}"


def _name(content: DigestContent, learner: int) -> str:
    """A name where Discord told it, else a mention, which shows one and pings nobody."""
    name = content.names.get(learner)
    return f"**{person(name)}**" if name else f"<@{learner}>"


def _names(content: DigestContent, learners: Sequence[int]) -> str:
    names = [_name(content, learner) for learner in learners[:NAMED]]
    if len(learners) > NAMED:
        names.append(f"{len(learners) - NAMED} more")
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _busy(content: DigestContent) -> list[str]:
    """The number that matters, who did what, and all else: a text for each."""
    it = content.digest
    who = persons(it.active)
    time = f" · {duration(it.minutes)}" if it.minutes else ""
    first = f"**{who} ticked {plural(it.units, 'unit')}**{time}"
    people = [f"- {_name(content, person.id)}: {_did(person)}" for person in it.people[:NAMED]]
    shown = people[: pages(people, room=ROOM_FOR_PEOPLE)[0].stop]
    if len(it.people) > len(shown):
        shown.append(f"-# and {len(it.people) - len(shown)} more")
    shares = [f"{each.path.id} {each.now} %{_moved(each.now - each.before)}" for each in it.shares]
    group = shortened(f"-# The group: {' · '.join(shares)}", ROOM_FOR_GROUP)
    return [first, "\n".join(shown), "\n".join([group, *_rest(content)])]


def _rest(content: DigestContent) -> list[str]:
    """What follows the people of the week, as much of it as fits."""
    lines = [*_people(content), *_ahead(content.digest)]
    return lines[: pages(lines, room=ROOM_FOR_REST)[0].stop]


def _moved(points: int) -> str:
    return f" (+{points})" if points > 0 else f" ({points})" if points else ""


def _did(person: Person) -> str:
    """``completed A and B, 8 modules``; the units where no module was finished."""
    titles = [safe(shortened(path.title, 60)) for path in person.paths[:2]]
    if len(person.paths) > 2:
        titles.append(f"{len(person.paths) - 2} more")
    done = " and ".join(titles)
    count = plural(person.modules, "module") if person.modules else "" if done else plural(person.units, "unit")
    return ", ".join(part for part in (f"completed {done}" if done else "", count) if part)


def _people(content: DigestContent) -> list[str]:
    """Who joined, who started again, whose exam is near, who studies in a row, how many keep to a plan or are away."""
    it = content.digest
    lines = []
    if it.joined:
        lines.append(f"👋 Welcome {_names(content, it.joined)}")
    if it.returned:
        lines.append(f"🌱 Started again: {_names(content, it.returned)}. Good to see you")
    lines += [
        f"📅 {_name(content, learner)} has the exam on {on.day} {on:%B}. Good luck" for learner, on in it.exams[:NAMED]
    ]
    if len(it.exams) > NAMED:
        lines.append(f"-# and {plural(len(it.exams) - NAMED, 'more exam')} within four weeks")
    if it.streaks or it.weekly:
        told = [f"{_name(content, learner)} {_in_a_row(days, 'day')}" for learner, days in it.streaks]
        told += [f"{_name(content, learner)} {_in_a_row(weeks, 'week')}" for learner, weeks in it.weekly]
        lines.append(f"🔥 In a row: {', '.join(told)}")
    if it.planned:
        lines.append(f"🎯 Plans on track: {it.on_track} of {it.planned}")
    if it.reviewed or it.due:
        done = f"{plural(it.reviewed, 'card')} by {persons(it.reviewers)}" if it.reviewed else "none this week"
        lines.append(f"🔁 Reviewed: {done}{f' · {it.due:,} due' if it.due else ''}")
    if it.away:
        lines.append(f"-# {plural(it.away, 'member')} away this week")
    return lines


def persons(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _in_a_row(count: int, word: str) -> str:
    return "over a year" if count * (7 if word == "week" else 1) > 365 else plural(count, word)


def _ahead(it: Digest) -> list[str]:
    """What the group works on, and one thing to do next."""
    lines = []
    if it.focus and it.focus_members > 1:
        lines.append(f"Most are in {linked(shortened(it.focus.title, 60), it.focus.link)} now")
    if it.suggestion:
        above = it.course.ancestors(it.suggestion)
        where = f" in {safe(shortened(above[-1].title, 60))}" if above and above[-1] != it.focus else ""
        minutes = f", {duration(it.suggestion.length)}" if it.suggestion.length else ""
        lines.append(
            f"**Next together:** {linked(shortened(it.suggestion.title, 60), it.suggestion.link)}{where}{minutes}"
        )
    return lines


def _quiet(content: DigestContent) -> list[str]:
    it = content.digest
    if not it.members:
        return [
            "**Nobody has joined this cohort yet.** Your first `/complete` in this server joins it.",
            "\n".join(_ahead(it)),
        ]
    first = "**A quiet week: nothing was ticked.** Ten minutes are enough to start again."
    return [first, "\n".join(_rest(content))]


def panel(statuses: Sequence[DigestStatus], missing: Sequence[str] = (), server: int = 0) -> ui.LayoutView:
    """What is set up in a server: each cohort, its next run, how the last one ended, and what is missing."""
    parts: list[Part] = ["### Digests of this server"]
    for status, lacks in zip(statuses, [*missing, *[""] * len(statuses)], strict=False):
        parts += [None, "\n".join([*_lines(status, server), *([lacks] if lacks else [])])]
    wrong = any(isinstance(part, str) and "⚠️" in part for part in parts)
    parts.append("-# `/digest preview` shows what would be posted now; `/setup` changes any part.")
    return card(State.WARNING if wrong else State.PLAIN, *parts)


def _lines(status: DigestStatus, server: int) -> list[str]:
    cohort, schedule = status.cohort, status.cohort.schedule
    when = f"{DAYS[schedule.day]}s at {schedule.time:%H:%M}, {schedule.zone.replace('_', ' ')}"
    lines = [f"**{safe(status.course.code)}** in <#{cohort.channel}>", when]
    if cohort.state is ScheduleState.SUSPENDED:
        lines.append(
            f"⚠️ Suspended: {cohort.reason}. It resumes by itself once that is fixed, or choose another channel with "
            "`/setup`."
        )
    elif cohort.state is ScheduleState.PAUSED:
        lines.append("⏸️ Paused. `/digest resume` turns it on again.")
    elif cohort.state is ScheduleState.OFF:
        lines.append("⏹️ Off. `/setup` turns it on.")
    elif status.open and status.open.reason:
        lines.append(_trouble(status.open))
    elif status.next:
        lines.append(
            f"✅ Next: {discord.utils.format_dt(status.next, 'F')}, {discord.utils.format_dt(status.next, 'R')}"
        )
    lines.append(
        f"-# Last: {_ended(status.last, server or cohort.server)}" if status.last else "-# Nothing was posted yet"
    )
    return lines


def _trouble(opened: OpenDelivery) -> str:
    """Why a digest that is due is not posted yet."""
    due = discord.utils.format_dt(opened.slot.at, "f")
    again = f" I'll try again {discord.utils.format_dt(opened.next_try, 'R')}." if opened.next_try else ""
    tries = f" after {plural(opened.attempts, 'attempt')}" if opened.attempts > 1 else ""
    return f"⚠️ The digest of {due} is not posted yet{tries}: {opened.reason}.{again}"


def _ended(last: Receipt, server: int) -> str:
    """How the last digest ended."""
    if last.sent and last.sent_at:
        where = f"https://discord.com/channels/{server}/{last.channel}/{last.message}"
        late = ", late" if last.reason == "late" else ""
        return f"[posted]({where}) {discord.utils.format_dt(last.sent_at, 'f')}{late}"
    return f"⚠️ {discord.utils.format_dt(last.slot.at, 'f')} was skipped, because {last.reason}"


def not_posted(notice: DigestNotice, server: str) -> ui.LayoutView:
    """Tells the manager who set a digest up that it is suspended, or that attempts to post it keep failing."""
    what = "is suspended" if notice.suspended else "is not posted yet"
    then = "It resumes by itself once that is fixed." if notice.suspended else "I'll keep trying for 48 hours."
    return card(
        State.WARNING,
        f"⚠️ **The {safe(notice.course.code)} digest in {safe(server)} {what}**\n"
        f"{notice.reason[:1].upper()}{notice.reason[1:]}.",
        f"{then} `/setup` in the server chooses another channel.",
    )
