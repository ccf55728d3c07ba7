"""Post reports of questions in the operator's channel."""

import logging

import discord

from bot.client.bot import StudyBot
from bot.client.responses import UNREACHABLE
from bot.study.question_reports import Submitted
from bot.views.question_report import for_operator

log = logging.getLogger("waymark")


async def post_report(bot: StudyBot, report: Submitted) -> None:
    """Post a report, if a channel is set. It is stored already, so a failure is only logged."""
    if bot.report_channel is None:
        return
    channel: discord.PartialMessageable = bot.get_partial_messageable(bot.report_channel)
    try:
        await channel.send(view=bot.references.view(for_operator(report)))
    except UNREACHABLE as error:
        log.warning("a report could not be posted in REPORT_CHANNEL_ID: %s", error)
