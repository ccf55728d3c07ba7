"""Runs the quizzes of this process: a task for each, which posts, waits, closes, and ends what can't go on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial

import discord
from discord import ui

from bot.client.channels import custom_ids, is_ours
from bot.client.responses import UNREACHABLE, log
from bot.client.running_quiz import Game
from bot.core.questions.quiz import PAUSE_SECONDS, UNANSWERED, Ending
from bot.operation import logs
from bot.study import Study
from bot.study.quizzes import Closed, Final, Quiz
from bot.views import quiz as views

SEND_SECONDS = 15.0
"""A message that takes longer doesn't come: those who wait for it have gone on."""
LOOKED_THROUGH = 50
"""Messages among which that of a question is looked for whose id didn't become known."""


class Quizmaster:
    """The quizzes that this process runs, by their ids. The rows remember; the tasks only go on."""

    def __init__(
        self, client: discord.AutoShardedClient, study: Study, under_way: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._client = client
        self._quizzes = study.quizzes
        self._now = study.now
        self._under_way = under_way
        self._games: dict[int, Game] = {}
        self._looking = asyncio.Lock()

    def runs(self, number: int) -> bool:
        return number in self._games

    def game(self, number: int) -> Game | None:
        return self._games.get(number)

    async def begin(self, number: int, begin: Awaitable[Quiz], post: Callable[[Quiz], Awaitable[int]]) -> None:
        """Run the quiz that ``begin`` begins, once ``post`` has posted its lobby and returned the message's id."""
        game = self._games[number] = Game(number)
        try:
            quiz = await begin
            game.shown = await self._quizzes.posted(quiz, await post(quiz))
        except BaseException:
            del self._games[number]
            await self._quizzes.end(number, Ending.UNREACHABLE)
            raise
        game.task = asyncio.create_task(self._run(game, game.shown or quiz))
        game.task.add_done_callback(lambda _: self._games.pop(number, None))

    async def recover(self) -> None:
        """End, politely, what another process (this one, before a restart) left behind in the servers that are here."""
        if not self._client.is_ready():
            return  # before, it isn't known which servers there are
        async with self._looking:
            for number in await self._quizzes.open():
                final = await self._quizzes.standing(number, Ending.INTERRUPTED)
                if final is None or number in self._games:
                    continue
                guild = self._client.get_guild(final.quiz.row.server)
                if guild is None:
                    if is_ours(self._client, final.quiz.row.server):
                        await self._quizzes.end(number, Ending.INTERRUPTED)
                elif not guild.unavailable:
                    log.info("server %s: a quiz was interrupted", guild.id)
                    await self._tell(final)
                    await self._quizzes.end(number, Ending.INTERRUPTED)

    async def forget(self, server: int) -> None:
        """The server is gone, and its quizzes with it."""
        for number in await self._quizzes.forget(server):
            self._cancel(number)

    async def leave(self, server: int) -> None:
        """The server is in an outage: its quizzes wait, to be ended when it is back."""
        for number in await self._quizzes.open():
            at = await self._quizzes.standing(number, Ending.INTERRUPTED)
            if at and at.quiz.row.server == server:
                self._cancel(number)

    def close(self) -> None:
        """Leave all where they are: the next start ends them."""
        for number in tuple(self._games):
            self._cancel(number)

    def _cancel(self, number: int) -> None:
        game = self._games.pop(number, None)
        if game and game.task:
            game.task.cancel()

    async def _run(self, game: Game, quiz: Quiz) -> None:
        guild = self._client.get_guild(quiz.row.server)
        names = [guild.name] if guild else []
        with logs.following(lambda: names):
            try:
                ending = await self._play(game, quiz)
            except UNREACHABLE as error:
                if isinstance(error, discord.HTTPException) and error.status == 400:
                    log.exception("server %s: Discord doesn't take a question", quiz.row.server)
                log.info("server %s: a quiz ended: %s", quiz.row.server, error)
                ending = Ending.UNREACHABLE
            except Exception:
                # One quiz's failure is its own; its channel is to be free again.
                log.exception("a quiz of server %s failed", quiz.row.server)
                ending = Ending.INTERRUPTED
            try:
                with self._under_way():
                    await self._end(game, ending)
            except Exception:
                # What is left of it is ended by the next quiz in its channel, or by the next start.
                log.exception("a quiz of server %s could not be ended", quiz.row.server)

    async def _play(self, game: Game, quiz: Quiz) -> Ending:
        await self._lobby(game, quiz)
        if not (game.players or game.stopped):
            return Ending.NOBODY
        silent = 0
        while not game.stopped and silent < UNANSWERED:
            closed = await self._question(game)
            if closed is None:
                return Ending.STOPPED if game.stopped else Ending.FINISHED
            silent = 0 if closed.tally.answered else silent + 1
            if closed.quiz.last:
                return Ending.FINISHED
            if silent < UNANSWERED:
                await self._pause(game)
        return Ending.STOPPED if game.stopped else Ending.UNANSWERED

    async def _question(self, game: Game) -> Closed | None:
        """Ask the next question and close it. None where it was stopped, or where there is none."""
        with self._under_way():
            quiz = await self._quizzes.ask(game.number)
            if quiz is None:
                return None
            message = await self._send(quiz, views.asked(quiz), quiz.row.number)
            game.shown = posted = await self._quizzes.posted(quiz, message)
            if posted is None:
                return None
            if posted.row.closes != quiz.row.closes:
                await self._edit(posted, views.asked(posted))
        await self._until(game, posted.row.closes, partial(game.has_all, posted.row.number))
        if game.stopped:
            return None
        with self._under_way():
            closed = await self._quizzes.close(game.number)
            if closed:
                game.shown = closed.quiz
                await self._edit(closed.quiz, views.closed(closed))
            return closed

    async def _lobby(self, game: Game, quiz: Quiz) -> None:
        """Until it starts; who has joined is shown meanwhile."""
        shown = 0
        while not (game.started or game.stopped):
            left = (quiz.row.closes - self._now()).total_seconds()
            if left <= 0 or not await game.nap.sleep(left):
                break
            if game.players != shown and not (game.started or game.stopped):
                shown = game.players
                await self._edit(quiz, views.lobby(quiz, shown))
        if game.players and not game.stopped:
            await self._edit(quiz, views.begun(quiz, game.players))

    async def _until(self, game: Game, closes: datetime, over: Callable[[], bool]) -> None:
        while not (game.stopped or over()):
            left = (closes - self._now()).total_seconds()
            if left <= 0 or not await game.nap.sleep(left):
                return

    async def _pause(self, game: Game) -> None:
        """A call here is of the question that has just closed, or it stops."""
        while not game.stopped and await game.nap.sleep(PAUSE_SECONDS):
            pass

    async def _end(self, game: Game, ending: Ending) -> None:
        final = await self._quizzes.end(game.number, ending)
        if final is None:
            return
        if ending is Ending.FINISHED:
            try:
                await self._send(final.quiz, views.final(final), "end")
            except UNREACHABLE as error:
                log.info("server %s: the scores of a quiz were not posted: %s", final.quiz.row.server, error)
            else:
                return
        # What is told in the message of a question tells of that question, though the next may have been drawn.
        await self._tell(replace(final, quiz=game.shown or final.quiz))

    async def _tell(self, final: Final) -> None:
        """Say in the last message of a quiz that it has ended; its buttons go."""
        quiz, view = final.quiz, views.final(final)
        try:
            message = quiz.row.message or await self._find(quiz)
            if message is None:
                await self._send(quiz, view, "end")
                return
        except UNREACHABLE as error:
            log.info("server %s: the end of a quiz was not told: %s", quiz.row.server, error)
        else:
            await self._edit(quiz, view, message)

    def _place(self, quiz: Quiz) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(quiz.row.channel, guild_id=quiz.row.server)

    async def _send(self, quiz: Quiz, view: ui.LayoutView, step: object) -> int:
        """Post what a quiz shows at a step: once, though the library asks again where the answer was lost."""
        async with asyncio.timeout(SEND_SECONDS):
            return (await self._place(quiz).send(view=view, nonce=f"{quiz.row.id}-{step}")).id

    async def _edit(self, quiz: Quiz, view: ui.LayoutView, message: int | None = None) -> None:
        """Change the message of a quiz, if it is still there."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                place = self._place(quiz).get_partial_message(message or quiz.row.message or 0)
                await place.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except UNREACHABLE as error:
            log.info("server %s: a message of a quiz was not changed: %s", quiz.row.server, error)

    async def _find(self, quiz: Quiz) -> int | None:
        """The message of the latest question (or the lobby), where a process ended before it knew its id."""
        begin = f":{quiz.row.id}:{quiz.row.number}:" if quiz.row.number else f":quizjoin:{quiz.row.id}"
        async with asyncio.timeout(SEND_SECONDS):
            async for message in self._place(quiz).history(limit=LOOKED_THROUGH):
                if any(begin in made for made in custom_ids(message.components)):
                    return message.id
        return None
