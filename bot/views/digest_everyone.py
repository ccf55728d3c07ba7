"""Render who completed what in the week of a digest."""

from discord import ButtonStyle, ui

from bot.core.calendar.timestamps import seconds
from bot.study.digest_everyone import MOST_EXAMS, Everyone
from bot.views.buttons import button
from bot.views.digest_lines import name_of, people_with_days_off
from bot.views.digest_texts import amount, completed, count_people, day_of_year, spent, week_dates
from bot.views.layout import Row, State, escape, message_view, plural
from bot.views.pictures.words import listed

TITLES = 2
"""Number of titles of what a person completed."""
PAST = "-# What was undone or hidden since then isn't listed."


def everyone(found: Everyone, slot: str) -> ui.LayoutView:
    """Render a page of the people of a week. ``slot`` is the end of the digest's marker."""
    digest = found.digest
    head = f"### {escape(digest.course.code)} · {week_dates(digest)}"
    if not digest.people:
        mark = button("Mark progress", "some", digest.course.id, style=ButtonStyle.primary, emoji="☑️")
        return message_view(
            State.PLAIN, f"{head}\n**Nobody completed anything this week.**", _notes(found), rows=[[mark]]
        )
    people = [
        f"{name_of(found.names, person.id)}{f' · {spent(person.minutes)}' if person.minutes else ''}\n"
        f"-# {escape(completed(person, TITLES))}"
        for person in found.people
        if person.id not in found.gone
    ]
    notes = _notes(found)
    return message_view(
        State.PROGRESS,
        f"{head}\n**{count_people(len(digest.people))} · {amount(digest)}**",
        "\n".join(people),
        None if notes else "",
        notes,
        rows=[_pages(found, slot)],
    )


def _notes(found: Everyone) -> str:
    """Exams, reviews and days off on the first page; the page number and what may be missing on all."""
    digest, lines = found.digest, []
    if found.page == 0:
        exams = [each for each in digest.exams[:MOST_EXAMS] if each[0] not in found.gone]
        dates = [f"{name_of(found.names, learner)} on {day_of_year(on)}" for learner, on in exams]
        if len(digest.exams) > MOST_EXAMS:
            dates.append(f"{len(digest.exams) - MOST_EXAMS} more")
        if dates:
            lines.append(f"📅 Exams: {listed(dates)}")
        if found.reviews:
            lines.append(f"🔁 {count_people(found.reviewers)} reviewed {plural(found.reviews, 'question')}")
        if digest.away:
            lines.append(f"🏖️ {people_with_days_off(digest.away)}")
    if found.pages > 1:
        lines.append(f"-# Page {found.page + 1} of {found.pages}")
    if found.past:
        lines.append(PAST)
    return "\n".join(lines)


def _pages(found: Everyone, slot: str) -> Row:
    """Buttons for the previous and the next page."""
    week, course = found.digest.week, found.digest.course.id
    limits = seconds(week.since), seconds(week.until)
    return [
        button("◀ Back", "everyone", found.page - 1, *limits, course, slot) if found.page else None,
        button("More ▶", "everyone", found.page + 1, *limits, course, slot) if found.page + 1 < found.pages else None,
    ]
