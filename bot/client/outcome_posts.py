"""Post that a member passed, at most once in each server, and delete it."""

import discord

from bot.client.announcements import check_can_post, post_claimed, settle
from bot.client.responses import Interaction, asker
from bot.core.course.course import Course
from bot.store.announcements import Announcement
from bot.study import Study
from bot.study.announcements import Announced, Outcome
from bot.study.outcomes import ExamResult
from bot.views import passes as views
from bot.views.layout import picture
from bot.views.pictures.passed import PassedCard


async def share(interaction: Interaction, found: ExamResult, server: int) -> Announced | None:
    """Share a pass in a server, and post it there: in this channel, otherwise in that of the group's digest.

    Return what became of the post; None if there is no channel for it. The interaction must have been answered. Raises
    ``NotAllowed`` and ``Stale``.
    """
    study: Study = interaction.client.study
    who, course = asker(interaction), found.course
    channel = None
    if who.server == server:
        check_can_post(interaction)
        channel = interaction.channel_id
    shared = await study.outcome_sharing.share(who, course, found.exam, server, channel)
    if shared.wanted is None:
        return None
    if shared.earlier is not None:
        settled = await settle(interaction, study, shared.earlier)
        if settled or not await _again(interaction, study, found, shared.earlier, channel):
            return settled or Announced(Outcome.UNKNOWN, shared.earlier)
    file = await passed_card(interaction, course, found)
    view = views.post(who.name, who.learner, course, picture(file))
    elsewhere = None
    if who.server != server:
        elsewhere = interaction.client.get_partial_messageable(shared.wanted.channel, guild_id=server)
    return await post_claimed(interaction, study, shared.wanted, view, file, elsewhere)


async def _again(
    interaction: Interaction, study: Study, found: ExamResult, earlier: Announcement, channel: int | None
) -> bool:
    """Claim the post again: the one that was begun before was certainly not made."""
    await study.announcements.remove(earlier)
    shared = await study.outcome_sharing.share(asker(interaction), found.course, found.exam, earlier.server, channel)
    return shared.earlier is None


async def passed_card(interaction: Interaction, course: Course, found: ExamResult) -> discord.File | None:
    """Draw the card of the member who passed."""
    card = PassedCard.of(asker(interaction).name, course, found.exam)
    drawn: discord.File | None = await interaction.client.pictures.file(card)
    return drawn
