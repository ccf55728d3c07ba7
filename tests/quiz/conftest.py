"""A simulated server with quizzes in its channel. Time advances only when a test advances it."""

import json
from collections.abc import AsyncIterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from simcord.backend import serializers
from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult, ResponseMessage

from bot.client.bot import StudyBot
from bot.core.course.catalogue import Catalogue
from bot.core.questions.answer import shuffled
from bot.core.questions.question import LETTERS, Kind, Question
from bot.store import Store
from bot.study import Study
from tests.cogs.conftest import FastEnv, Member, Reply, parts, text_of
from tests.databases import Target, query
from tests.digest.conftest import DigestSimulation, SimulatedClock

LOBBY, SECONDS, PAUSE = 30, 30, 10
EDIT = 10
"""Seconds between two edits of a message."""


class QuizSimulation(DigestSimulation):
    """A simulation for quizzes. It starts on 1 January 2026 at midnight UTC."""

    path: Target

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Query the database directly."""
        return query(self.path, sql, *values)

    def change(self, sql: str, *values: Any) -> None:
        """Change the database directly, for example to the state after a kill."""
        query(self.path, sql, *values)

    def row_counts(self) -> list[int]:
        """Count the rows of quizzes, their players and their answers."""
        return [self.rows(f"select count(*) from {name}")[0][0] for name in ("quiz", "quiz_player", "quiz_answer")]

    def messages(self, channel: Any = None) -> list[ResponseMessage]:
        """The bot's public messages, oldest first."""
        stored = self.env.backend.messages.get((channel or self.channel).id, {}).values()
        mine = self.env.backend.bot_user.id
        return [ResponseMessage(self.env, each) for each in stored if each.author_id == mine and not each.is_ephemeral]

    def texts(self, channel: Any = None) -> list[str]:
        return [text_of(each.components) for each in self.messages(channel)]

    def labels(self, channel: Any = None) -> list[str]:
        """The buttons of the newest public message."""
        return labels(self.messages(channel)[-1])

    def at(self) -> tuple[int, int, Question]:
        """The ID of the only quiz, the number of its question, and the question."""
        ((quiz, number, questions),) = self.rows("select quiz_id, number, questions from quiz")
        return quiz, number, self.study.catalogue.banks["az-104"].questions[json.loads(questions)[number - 1]]

    def letter(self, *, right: bool) -> str:
        """The right or wrong letter for the open question, or the letters of a multiple answer."""
        quiz, _, question = self.at()
        order = shuffled(question, quiz)
        letters = LETTERS[: len(order)]
        best = "".join(letter for letter, index in zip(letters, order, strict=True) if index in question.right)
        if right:
            return best
        return next("".join(each) for each in combinations(letters, len(best)) if "".join(each) != best)

    def said(self, *, right: bool) -> str:
        """The label of a right or wrong answer in the confirmation."""
        letters = self.letter(right=right)
        return {"A": "True", "B": "False"}[letters] if self.at()[2].kind is Kind.TRUTH else ", ".join(letters)

    async def answer(self, who: Member, *, right: bool = True, on: ResponseMessage | None = None) -> Reply:
        """Answer the open question with its button or select."""
        quiz, number, question = self.at()
        if question.kind is Kind.MULTIPLE:
            menu = f"wms1:quiz:{quiz}:{number}"
            return await self.press(who, menu, on or self.messages()[-1], *self.letter(right=right))
        made = f"wm1:quiz:{quiz}:{number}:{self.letter(right=right)}"
        message = on or self.messages()[-1]
        assert made in {part.get("custom_id") for part in parts(message.components)}, "the button is there"
        return await self.press(who, made, message)

    async def press_concurrently(self, presses: Sequence[tuple[Member, str]], on: ResponseMessage) -> list[Reply]:
        """Dispatch button interactions without waiting for each. Waiting would keep simcord so busy that the database
        thread gets no time.
        """
        backend, records = self.env.backend, []
        told = dict(serializers.message_payload(backend, on._message))
        for who, made in presses:
            record, payload = base_payload(
                backend, type=InteractionType.MESSAGE_COMPONENT, channel_id=self.channel.id, guild_id=self.guild.id,
                user_id=who.id, data={"custom_id": made, "component_type": 2},
            )  # fmt: skip
            record.source_message_id = on.id
            backend.emit("INTERACTION_CREATE", payload | {"message": told})
            records.append(record)
        await self.env.settle(timeout=9)
        return [Reply(InteractionResult(self.env, record)) for record in records]

    async def press_old(self, who: Member, made: str) -> Reply:
        """Press a button on the message in an earlier state."""
        message = self.old_message({"type": 2, "style": 1, "label": "x", "custom_id": made})
        reply = await self.press(who, made, message)
        self.env.backend.delete_message(self.channel.id, message.id)
        return reply

    def private(self, who: Member) -> list[str]:
        """The texts of a member's private messages, oldest first."""
        stored = self.env.backend.messages.get(self.channel.id, {}).values()
        own = [each for each in stored if each.is_ephemeral and each.interaction_metadata["user"]["id"] == str(who.id)]
        return [text_of(each.components) for each in own]

    async def start(self, *players: Member, **options: Any) -> Reply:
        """Ada starts a quiz of two questions on deploy; ``players`` join, and the first question is asked."""
        # Longer than the settle timeout, so that the pause between two edits ends only when a test advances the time.
        self.bot.quiz_runner.edit_seconds = EDIT
        lobby = await self.command(self.ada, "quiz", **{"path": "deploy", "count": 2} | options)
        for player in players:
            if player is not self.ada:
                await self.click(player, lobby, "Join")
        if players:
            await self.env.advance_time(LOBBY)
        return lobby


def custom_id(message: ResponseMessage, label: str) -> str:
    return next(part["custom_id"] for part in parts(message.components) if part.get("label") == label)


def labels(message: ResponseMessage) -> list[str]:
    return [part["label"] for part in parts(message.components) if part.get("type") == 2]


@pytest.fixture
async def quiz_sim(path: Path, catalogue: Catalogue) -> AsyncIterator[QuizSimulation]:
    clock = SimulatedClock()
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    # Pauses of a quiz are longer than the settle timeout, so that they end only when a test advances the time.
    env = FastEnv(StudyBot(study, store, shard_count=1), shard_count=1, check_errors=False, settle_timeout=6.0)
    clock.discord = env
    await env.start()
    quiz_sim = QuizSimulation(env, study, store)
    quiz_sim.path = path
    yield quiz_sim
    await env.shutdown()
    await store.close()
