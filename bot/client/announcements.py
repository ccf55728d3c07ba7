"""Post announcements of completed paths, each at most once, and delete them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import discord
from discord import ui

from bot.client.channels import custom_ids
from bot.client.responses import UNREACHABLE, Interaction, asker, resolved, show
from bot.core.course.course import Path, key_of
from bot.errors import NotAllowed, StudyError
from bot.store.announcements import Announcement
from bot.store.outcome_shares import PASSED
from bot.study import Study, Ticked
from bot.study.announcements import Announced, Outcome, Retracted
from bot.views import announcement as views
from bot.views import passes
from bot.views.layout import picture
from bot.views.pictures.completed import CompletionCard

log = logging.getLogger("waymark")

MAX_SEARCHED = 300
"""Messages that are searched for an announcement whose ID isn't known."""
MARGIN = timedelta(minutes=2)
"""By how much Discord's clock and the bot's may differ."""
DELETE_SECONDS = 1.5
"""Time for deletions. The member's response has to be sent within three seconds."""

Render = Callable[[views.Notes], ui.LayoutView]


def check_can_post(interaction: Interaction) -> None:
    """Raise ``NotAllowed`` if the member may not write in the channel: the bot must not do it for them."""
    permissions = interaction.permissions
    thread = isinstance(interaction.channel, discord.Thread)
    if not (permissions.send_messages_in_threads if thread else permissions.send_messages):
        raise NotAllowed("You can't write in this channel. Share it in a channel where you can.")


async def show_completed(interaction: Interaction, done: Ticked, render: Render) -> None:
    """Respond with the result of a completion. Announce completed paths if the member wants that, and say so."""
    await show(interaction, render(views.Notes(announcing=done.announces)))
    if not done.announces:
        return
    results: list[Announced | str] = []
    for path in done.shareable:
        try:
            results.append(await announce(interaction, path))
        except StudyError as error:
            results.append(f"Not announced: {error}")
    try:
        await interaction.edit_original_response(view=resolved(interaction, render(views.notes(results))))
    except UNREACHABLE as error:
        log.info("the result of an announcement could not be shown: %s", error)


async def show_undone(interaction: Interaction, render: Render) -> None:
    """Delete the announcements of paths that are no longer complete, and respond with the result of an undo."""
    await show(interaction, render(views.retracted(await retract(interaction))))


async def announce(interaction: Interaction, path: Path) -> Announced:
    """Announce a completed path in this channel. The interaction must have been answered. Raises ``NotAllowed``.

    The announcement is recorded before it is posted. If its message ID isn't known, the channel is searched for it
    before anything is posted.
    """
    if interaction.guild_id is not None:
        check_can_post(interaction)
    study: Study = interaction.client.study
    who = asker(interaction)
    claim = await study.announcements.claim(who, path, interaction.channel_id or 0)
    if claim.earlier is not None:
        if settled := await settle(interaction, study, claim.earlier):
            return settled
        claim = await study.announcements.retry(claim)
        if claim.earlier is not None:
            return Announced(Outcome.UNKNOWN, claim.earlier)
    course, on = claim.progress.course, claim.progress.done_at(path) or study.now()
    file = await interaction.client.pictures.file(CompletionCard.of(who.name, course.code, path, on.date()))
    view = views.announcement(who.name, who.learner, path, claim.progress, picture(file))
    return await post_claimed(interaction, study, claim.wanted, view, file)


async def post_claimed(
    interaction: Interaction,
    study: Study,
    wanted: Announcement,
    view: ui.LayoutView,
    file: discord.File | None,
    elsewhere: discord.abc.Messageable | None = None,
) -> Announced:
    """Post an announcement that was recorded, in this channel or ``elsewhere``."""
    view, attached = resolved(interaction, view), file or discord.utils.MISSING
    message: discord.Message
    try:
        if elsewhere is None:
            message = await interaction.followup.send(view=view, file=attached, ephemeral=False, wait=True)
        else:
            message = await elsewhere.send(view=view, file=attached)
        refused = message.flags.ephemeral  # Discord hides it where the member may not use commands in public
    except UNREACHABLE as error:
        log.info("an announcement was not confirmed: %s", error)
        if not isinstance(error, discord.RateLimited | discord.HTTPException) or _may_have_arrived(error):
            return Announced(Outcome.UNKNOWN, wanted)
        refused = True
    if refused:
        await study.announcements.remove(wanted)
        return Announced(Outcome.REFUSED, wanted)
    announced = _with_message(wanted, message.id)
    try:
        if not await study.announcements.posted(wanted, message.id):
            gone = await _delete(interaction, announced)  # the path was undone in the meantime
            return Announced(Outcome.UNDONE if gone else Outcome.POSTED, announced)
    except StudyError as error:
        log.warning("the ID of an announcement was not recorded: %s", error)
    return Announced(Outcome.POSTED, announced)


def _may_have_arrived(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.status >= 500


async def settle(interaction: Interaction, study: Study, earlier: Announcement) -> Announced | None:
    """Return what became of an earlier announcement; None if it certainly was not posted."""
    if earlier.message is not None:
        return Announced(Outcome.ALREADY, earlier)
    if study.announcements.may_be_on_its_way(earlier):
        return Announced(Outcome.UNKNOWN, earlier)
    try:
        message = await _find(interaction.client, earlier)
    except discord.NotFound:
        return None  # the channel was deleted
    except UNREACHABLE as error:
        log.info("the channel of an announcement can't be searched: %s", error)
        return Announced(Outcome.UNKNOWN, earlier)
    if message is None:
        return None
    await study.announcements.posted(earlier, message)
    return Announced(Outcome.ALREADY, _with_message(earlier, message))


async def _find(client: discord.Client, announcement: Announcement) -> int | None:
    """Search the channel for an announcement. Raises ``TimeoutError`` if there are too many messages."""
    channel = client.get_partial_messageable(announcement.channel, guild_id=announcement.server)
    if announcement.route == PASSED:
        wanted = passes.marker(announcement.learner, announcement.course)
    else:
        wanted = views.marker(announcement.learner, key_of(announcement.course, announcement.route))
    searched = 0
    async for message in channel.history(after=announcement.at - MARGIN, oldest_first=True, limit=MAX_SEARCHED):
        searched += 1
        if client.user and message.author.id == client.user.id and wanted in custom_ids(message.components):
            return message.id
    if searched == MAX_SEARCHED:
        raise TimeoutError("too many messages")
    return None


async def retract(interaction: Interaction) -> Retracted:
    """Delete the announcements of paths that the member hasn't completed."""
    study: Study = interaction.client.study
    return await delete(interaction, await study.announcements.outdated(interaction.user.id))


async def delete(interaction: Interaction, announcements: Sequence[Announcement]) -> Retracted:
    """Delete public messages of the member, and the records of those that are gone."""
    if not announcements:
        return Retracted()
    results = await asyncio.gather(*(_delete(interaction, each) for each in announcements))
    gone = [each for each, deleted in zip(announcements, results, strict=True) if deleted]
    return Retracted(tuple(gone), tuple(each for each in announcements if each not in gone))


async def _delete(interaction: Interaction, announcement: Announcement) -> bool:
    """Delete a message. Return whether it is gone."""
    client, study = interaction.client, interaction.client.study
    try:
        with suppress(discord.NotFound):
            async with asyncio.timeout(DELETE_SECONDS):
                message = announcement.message or await _find(client, announcement)
                if message is not None:
                    channel = client.get_partial_messageable(announcement.channel, guild_id=announcement.server)
                    await channel.get_partial_message(message).delete()
    except UNREACHABLE as error:
        log.info("an announcement could not be deleted: %s", error)
        return False
    if posted := await study.announcements.remove(announcement):
        return await _delete(interaction, posted)
    return True


def _with_message(announcement: Announcement, message: int) -> Announcement:
    return Announcement(
        announcement.learner, announcement.course, announcement.route, announcement.server, announcement.channel,
        message, announcement.at,
    )  # fmt: skip
