"""Render passes that members shared: the post, and the group's page."""

from collections.abc import Sequence

from discord import ui

from bot.core.calendar.dates import written
from bot.core.course.course import Course
from bot.store.outcome_shares import Pass
from bot.views.buttons import button, custom_id
from bot.views.layout import Part, State, escape, member_name, message_view, plural

MAX_LISTED = 20


def post(name: str, learner: int, course: Course, picture: Part = None) -> ui.LayoutView:
    """Render the public post. Its button identifies it; see ``marker``."""
    title = escape(course.certification or course.title)
    return message_view(
        State.DONE,
        f"🎉 **{member_name(name)}** passed **{escape(course.code)}**\n-# {title}",
        picture or "",
        rows=[[button("Who passed", "passes", course.id, learner)]],
    )


def marker(learner: int, course: str) -> str:
    """Return the ``custom_id`` of the button by which the bot recognizes the post."""
    return custom_id("", "passes", course, learner)


def wall(course: Course, passes: Sequence[Pass]) -> ui.LayoutView:
    """List the members who shared that they passed. Mentions in a private message notify nobody."""
    back = [[button("My progress", "mine", course.id)]]
    if not passes:
        text = "Nobody has shared a pass yet. When you pass, I'll ask whether you want to."
        return message_view(State.PLAIN, f"### {escape(course.code)}: who passed\n{text}", rows=back)
    lines = [f"🎉 <@{each.learner}> · {written(each.exam)}" for each in passes[:MAX_LISTED]]
    if len(passes) > MAX_LISTED:
        lines.append(f"-# and {len(passes) - MAX_LISTED} more")
    head = f"### {escape(course.code)}: who passed\n**{plural(len(passes), 'member')} of this study group**"
    return message_view(State.DONE, head, "\n".join(lines), rows=back)


def digest_line(week: int, total: int) -> str:
    """Return the digest's line; empty if nobody shared a pass this week."""
    return f"🎓 {week} passed this week, {total} in all." if week else ""
