"""Answering an interaction: privately, to the channel, with a form, or with what went wrong."""

import logging
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands, ui

from bot.errors import StudyError
from bot.operation import logs
from bot.operation.metrics import Outcome, Visit
from bot.study import Asker, Ticked
from bot.views import layout, progress

log = logging.getLogger("waymark")

UNREACHABLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
"""What a request to Discord may end with that is no fault of ours."""
VISIT = "visit"

Interaction = discord.Interaction[Any]


def visit_of(interaction: Interaction) -> Visit | None:
    """What is counted and timed of an interaction; None where the bot has not begun to act on it."""
    return cast("Visit | None", interaction.extras.get(VISIT))


def acknowledged(interaction: Interaction) -> None:
    """Discord has the first answer."""
    if visit := visit_of(interaction):
        visit.acknowledged()


def asker(interaction: Interaction) -> Asker:
    """Who is asking, and where."""
    return Asker(interaction.user.id, interaction.guild_id, interaction.user.display_name)


async def show(interaction: Interaction, view: ui.LayoutView, file: discord.File | None = None) -> None:
    """Answer privately: in place where a private message of ours was pressed, else as a new message."""
    message = interaction.message
    if interaction.response.is_done():
        await interaction.followup.send(view=view, file=file or discord.utils.MISSING, ephemeral=True)
    elif message is not None and message.flags.ephemeral and file is None:
        await interaction.response.edit_message(view=view)
    elif file is not None:
        await interaction.response.send_message(view=view, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)
    acknowledged(interaction)


async def defer(interaction: Interaction) -> None:
    """Tell Discord that a private answer comes: what may take longer than it waits."""
    await interaction.response.defer(ephemeral=True, thinking=interaction.message is None)
    acknowledged(interaction)


async def ask(interaction: Interaction, form: ui.Modal) -> None:
    """Open a form."""
    await interaction.response.send_modal(form)
    acknowledged(interaction)


async def publish(interaction: Interaction, view: ui.LayoutView) -> bool:
    """Show something to the whole channel after the private answer. Returns whether Discord took it."""
    try:
        await interaction.followup.send(view=view, ephemeral=False)
    except UNREACHABLE as error:
        log.info("a public line was not posted: %s", error)
        return False
    return True


async def announce(interaction: Interaction, done: Ticked) -> None:
    """Tell the channel, after the private answer, of each path that was reached for the first time."""
    for path in done.announce:
        await publish(interaction, progress.completed(asker(interaction).name, path, done.after))


async def report(interaction: Interaction, error: BaseException) -> None:
    """Tell the member what went wrong: the refusal in its words, anything else with a reference that is in the log."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    outcome, text = _outcome(error)
    if visit := visit_of(interaction):
        visit.outcome = outcome
    if outcome == "late":
        log.info("an answer came too late for Discord")
        return
    if outcome == "failed":
        log.error("a fault of ours", exc_info=error)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # nothing but choices can answer it
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=layout.notice(text), ephemeral=True)
        else:
            await interaction.response.send_message(view=layout.notice(text), ephemeral=True)
    except UNREACHABLE as failed:
        log.info("a refusal could not be shown: %s", failed)
    else:
        acknowledged(interaction)


def _outcome(error: BaseException) -> tuple[Outcome, str]:
    """How an interaction ended that raised ``error``, and the sentence for the member."""
    match error:
        case discord.NotFound(code=10062):  # the interaction is unknown: Discord has given up waiting
            return "late", ""
        case StudyError():
            text = str(error)
        case app_commands.TransformerError():
            value = layout.shortened(str(error.value), 60)
            text = f"“{value}” doesn't fit here. Choose one of the values that are offered."
        case app_commands.MissingPermissions():
            text = "This is for people with the permission Manage Server. Ask one of them."
        case app_commands.NoPrivateMessage():
            text = "This works only in a server."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            text = "This command has just changed. Reload Discord (Ctrl+R, or close the app), then try again."
        case _:
            reference = f"tell the operator this reference: `{logs.reference()}`"
            return "failed", f"Something went wrong on my side. If it happens again, {reference}."
    return "refused", text
