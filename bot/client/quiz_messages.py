"""The public messages of quizzes: post, edit and find them."""

import asyncio

import discord
from discord import ui

from bot.client.channels import custom_ids
from bot.client.responses import UNREACHABLE, log
from bot.study.quizzes import Quiz
from bot.views.references import References

SEND_SECONDS = 15.0
"""Timeout for posting or editing a message."""
SEARCHED_MESSAGES = 50
"""Latest messages that are searched for a quiz message whose ID wasn't stored."""


class QuizMessages:
    """The messages of quizzes in their channels."""

    def __init__(self, client: discord.AutoShardedClient, references: References) -> None:
        self._client = client
        self._references = references

    async def send(self, quiz: Quiz, view: ui.LayoutView, step: object, file: discord.File | None = None) -> int:
        """Post a message of a quiz. The nonce prevents duplicates when discord.py retries."""
        view, nonce = self._references.view(view), f"{quiz.row.id}-{step}"
        async with asyncio.timeout(SEND_SECONDS):
            if file is None:
                return (await self._channel(quiz).send(view=view, nonce=nonce)).id
            return (await self._channel(quiz).send(view=view, file=file, nonce=nonce)).id

    async def edit(self, quiz: Quiz, view: ui.LayoutView, message: int | None = None) -> None:
        """Edit a message of a quiz, by default its current one. Errors are only logged."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                place = self._channel(quiz).get_partial_message(message or quiz.row.message or 0)
                await place.edit(view=self._references.view(view), allowed_mentions=discord.AllowedMentions.none())
        except UNREACHABLE as error:
            log.info("server %s: a message of a quiz was not edited: %s", quiz.row.server, error)

    async def find(self, quiz: Quiz) -> int | None:
        """Find the message of the current question or lobby if a process ended before it stored the ID."""
        prefix = f":{quiz.row.id}:{quiz.row.number}:" if quiz.row.number else f":quizjoin:{quiz.row.id}"
        async with asyncio.timeout(SEND_SECONDS):
            async for message in self._channel(quiz).history(limit=SEARCHED_MESSAGES):
                if any(prefix in custom_id for custom_id in custom_ids(message.components)):
                    return message.id
        return None

    def _channel(self, quiz: Quiz) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(quiz.row.channel, guild_id=quiz.row.server)
