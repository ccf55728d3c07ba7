"""Respond to interactions: private and public messages, forms, and errors."""

import logging
from collections.abc import Sequence
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands, ui

from bot.errors import NothingYet, StudyError
from bot.operation import logs
from bot.operation.metrics import InteractionMetrics, Outcome
from bot.study import Asker
from bot.views import layout
from bot.views.buttons import button
from bot.views.references import References

log = logging.getLogger("waymark")

UNREACHABLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
"""Errors of requests to Discord that are not bugs of the bot."""
METRICS_KEY = "visit"

Interaction = discord.Interaction[Any]


def metrics_of(interaction: Interaction) -> InteractionMetrics | None:
    """Return the metrics of an interaction, or None if it isn't tracked yet."""
    return cast("InteractionMetrics | None", interaction.extras.get(METRICS_KEY))


def acknowledged(interaction: Interaction) -> None:
    """Record that Discord has received the first response."""
    if metrics := metrics_of(interaction):
        metrics.acknowledged()


def resolved(interaction: Interaction, view: ui.LayoutView) -> ui.LayoutView:
    """Return a view whose references to commands and emojis are resolved. Every view is sent through this."""
    references: References = interaction.client.references
    return cast(ui.LayoutView, references.view(view))


def server_of(interaction: Interaction) -> int | None:
    """Return the server in which the bot is asked; None in direct messages.

    Also None in a server that the bot isn't in: a member who installed it for themselves can use it there.
    """
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        return None
    return interaction.guild_id


def asker(interaction: Interaction) -> Asker:
    """Return who asks, and in which server."""
    return Asker(interaction.user.id, server_of(interaction), interaction.user.display_name)


async def show(
    interaction: Interaction, view: ui.LayoutView, file: discord.File | None = None, *, replace: bool = False
) -> None:
    """Respond privately: edit the bot's private message if a component of one was used, else send a new message.

    A file goes into a new message, unless it may ``replace`` the old one, as a picture does.
    """
    message, view = interaction.message, resolved(interaction, view)
    if interaction.response.type is discord.InteractionResponseType.deferred_message_update and (
        message is not None and message.flags.ephemeral and file is None
    ):
        await interaction.edit_original_response(view=view)
    elif interaction.response.is_done():
        await interaction.followup.send(view=view, file=file or discord.utils.MISSING, ephemeral=True)
    elif message is not None and message.flags.ephemeral and (file is None or replace):
        if file is not None or message.attachments:
            await interaction.response.edit_message(view=view, attachments=[file] if file else [])
        else:
            await interaction.response.edit_message(view=view)
    elif file is not None:
        await interaction.response.send_message(view=view, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)
    acknowledged(interaction)


async def show_files(interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File]) -> None:
    """Respond privately with attached files, in a new message."""
    if interaction.response.is_done():
        await interaction.followup.send(view=resolved(interaction, view), files=files, ephemeral=True)
    else:
        await interaction.response.send_message(view=resolved(interaction, view), files=files, ephemeral=True)
    acknowledged(interaction)


async def show_new(interaction: Interaction, view: ui.LayoutView) -> None:
    """Respond with a new private message, and leave the message whose form was submitted as it is."""
    await interaction.response.send_message(view=resolved(interaction, view), ephemeral=True)
    acknowledged(interaction)


async def show_below(interaction: Interaction, view: ui.LayoutView) -> None:
    """Send another private message after the response, and leave the message whose button was used as it is."""
    await interaction.followup.send(view=resolved(interaction, view), ephemeral=True)


async def defer(interaction: Interaction) -> None:
    """Acknowledge now and respond privately later, for work that may take longer than Discord waits."""
    await interaction.response.defer(ephemeral=True, thinking=interaction.message is None)
    acknowledged(interaction)


async def ask(interaction: Interaction, form: ui.Modal) -> None:
    """Open a form."""
    await interaction.response.send_modal(form)
    acknowledged(interaction)


async def publish(interaction: Interaction, view: ui.LayoutView) -> int | None:
    """Post a public follow-up after the private response. Return its message ID, or None if it isn't there."""
    try:
        message = await interaction.followup.send(view=resolved(interaction, view), ephemeral=False, wait=True)
    except UNREACHABLE as error:
        log.info("a public follow-up was not posted: %s", error)
        return None
    return None if message.flags.ephemeral else message.id


async def report(interaction: Interaction, error: BaseException) -> None:
    """Show an error to the member: the ``StudyError`` message, or a log reference for anything else."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    outcome, text = _outcome(error)
    if metrics := metrics_of(interaction):
        metrics.outcome = outcome
    if outcome == "late":
        log.info("a response was too late for Discord")
        return
    if outcome == "failed":
        log.error("an internal error", exc_info=error)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # only choices can be sent in response
    view = layout.notice(text)
    if isinstance(error, NothingYet):
        view = layout.notice(text, layout.State.PLAIN, rows=[[button(error.label, *error.action)]])
    view = resolved(interaction, view)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except UNREACHABLE as failed:
        log.info("an error message could not be sent: %s", failed)
    else:
        acknowledged(interaction)


def _outcome(error: BaseException) -> tuple[Outcome, str]:
    """Return the outcome for the metrics, and the text for the member."""
    match error:
        case discord.NotFound(code=10062):  # unknown interaction: it has expired
            return "late", ""
        case StudyError():
            text = str(error)
        case app_commands.TransformerError():
            value = layout.truncate(str(error.value), 60)
            text = f"“{value}” isn't an option here. Pick one from the list."
        case app_commands.MissingPermissions():
            text = "You need the Manage Server permission to use this."
        case app_commands.NoPrivateMessage():
            text = "This only works in a server."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            text = "This command was just updated. Restart Discord (Ctrl+R on desktop) and try again."
        case _:
            code = f"give the bot's operator this code: `{logs.reference()}`"
            return "failed", f"Something went wrong on my end. If it keeps happening, {code}."
    return "refused", text
