"""Run the quizzes of this process, one task per quiz: post questions, wait for answers, close questions, end
the quiz.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import discord
from discord import ui

from bot.client.channels import owns_server
from bot.client.pictures import Pictures
from bot.client.quiz_messages import QuizMessages
from bot.client.quiz_replies import QuizReplies
from bot.client.responses import UNREACHABLE, log
from bot.client.running_quiz import RunningQuiz
from bot.core.questions.quiz import PAUSE_SECONDS, UNANSWERED, Ending
from bot.operation import logs
from bot.study import Study
from bot.study.quizzes import Closed, Final, Quiz
from bot.views import quiz as views
from bot.views.layout import picture
from bot.views.pictures.podium import MAX_PLACES
from bot.views.quiz import podium_of
from bot.views.references import References

EDIT_SECONDS = 1.5
"""Minimum time between two edits that show how many players joined or answered. Discord allows 5 in 5 s."""


class QuizRunner:
    """The quizzes that this process runs, by ID. All state that matters is stored in the database."""

    def __init__(
        self,
        client: discord.AutoShardedClient,
        study: Study,
        in_progress: Callable[[], AbstractContextManager[None]],
        references: References,
        pictures: Pictures,
        names: Callable[[int, list[int]], Awaitable[Mapping[int, str | None]]],
    ) -> None:
        self._client = client
        self._quizzes = study.quizzes
        self._scope = study.scope
        self._now = study.now
        self._in_progress = in_progress
        self._pictures = pictures
        self._names = names
        self._messages = QuizMessages(client, references)
        self._running: dict[int, RunningQuiz] = {}
        self._recovering = asyncio.Lock()
        self.edit_seconds = EDIT_SECONDS

    def is_running(self, number: int) -> bool:
        return number in self._running

    def find(self, number: int) -> RunningQuiz | None:
        return self._running.get(number)

    async def begin(self, number: int, begin: Awaitable[Quiz], post: Callable[[Quiz], Awaitable[int]]) -> None:
        """Create a quiz by awaiting ``begin``, post its lobby with ``post`` (returns the message ID), and run it."""
        running = self._running[number] = RunningQuiz(number, QuizReplies(self._now))
        try:
            quiz = await begin
            running.shown = await self._quizzes.posted(quiz, await post(quiz))
        except BaseException:
            del self._running[number]
            await self._quizzes.end(number, Ending.UNREACHABLE)
            raise
        running.task = asyncio.create_task(self._run(running, running.shown or quiz))
        running.task.add_done_callback(lambda _: self._running.pop(number, None))

    async def recover(self) -> None:
        """End the quizzes that another process or an earlier run left open in the available servers of this process."""
        if not self._client.is_ready():
            return  # the servers are not known yet
        async with self._recovering:
            for number in await self._quizzes.open():
                final = await self._quizzes.standing(number, Ending.INTERRUPTED)
                if final is None or number in self._running:
                    continue
                guild = self._client.get_guild(final.quiz.row.server)
                if guild is None:
                    if owns_server(self._client, final.quiz.row.server):
                        await self._quizzes.end(number, Ending.INTERRUPTED)
                elif not guild.unavailable:
                    log.info("server %s: a quiz was interrupted", guild.id)
                    with await self._scope.enter(guild.id, 0):
                        await self._show_end(await self._quizzes.standing(number, Ending.INTERRUPTED) or final)
                    await self._quizzes.end(number, Ending.INTERRUPTED)

    async def remove_server(self, server: int) -> None:
        """Delete the quizzes of a server that removed the bot."""
        for number in await self._quizzes.forget(server):
            self._cancel(number)

    async def suspend_server(self, server: int) -> None:
        """Cancel the quizzes of a server in an outage. ``recover`` ends them when it is available again."""
        for number in await self._quizzes.open():
            final = await self._quizzes.standing(number, Ending.INTERRUPTED)
            if final and final.quiz.row.server == server:
                self._cancel(number)

    def close(self) -> None:
        """Cancel all quizzes without ending them. The next start ends them."""
        for number in tuple(self._running):
            self._cancel(number)

    def _cancel(self, number: int) -> None:
        running = self._running.pop(number, None)
        if running and running.task:
            running.task.cancel()

    async def _run(self, running: RunningQuiz, quiz: Quiz) -> None:
        guild = self._client.get_guild(quiz.row.server)
        names = [guild.name] if guild else []
        with logs.log_context(lambda: names):
            try:
                ending = await self._run_rounds(running, quiz)
            except UNREACHABLE as error:
                if isinstance(error, discord.HTTPException) and error.status == 400:
                    log.exception("server %s: Discord rejected a question", quiz.row.server)
                log.info("server %s: a quiz ended: %s", quiz.row.server, error)
                ending = Ending.UNREACHABLE
            except Exception:
                # A failed quiz must not affect others or block its channel.
                log.exception("a quiz of server %s failed", quiz.row.server)
                ending = Ending.INTERRUPTED
            try:
                with self._in_progress():
                    await self._end(running, ending)
            except Exception:
                # The next quiz in the channel or the next start ends it.
                log.exception("a quiz of server %s could not be ended", quiz.row.server)

    async def _run_rounds(self, running: RunningQuiz, quiz: Quiz) -> Ending:
        await self._run_lobby(running, quiz)
        unanswered = 0
        while not running.stopped and unanswered < UNANSWERED:
            closed = await self._run_question(running)
            if closed is None:
                return Ending.STOPPED if running.stopped else Ending.FINISHED
            unanswered = 0 if closed.tally.answered else unanswered + 1
            if closed.quiz.last:
                return Ending.FINISHED
            if unanswered < UNANSWERED:
                await self._wait_between(running)
        return Ending.STOPPED if running.stopped else Ending.UNANSWERED

    async def _run_question(self, running: RunningQuiz) -> Closed | None:
        """Ask the next question, wait, and close it. None if the quiz was stopped or has no more questions."""
        with self._in_progress():
            quiz = await self._quizzes.ask(running.number)
            if quiz is None:
                return None
            number = quiz.row.number
            message = await self._messages.send(quiz, views.asked(quiz, *running.progress(number)), number)
            running.shown = posted = await self._quizzes.posted(quiz, message)
            if posted is None:
                return None
            if posted.row.closes != quiz.row.closes:
                await self._messages.edit(posted, views.asked(posted, *running.progress(number)))
        await self._wait(
            running, posted, partial(running.all_answered, number), partial(running.progress, number), views.asked
        )
        if running.stopped:
            return None
        with self._in_progress():
            closed = await self._quizzes.close(running.number)
            if closed:
                running.shown = closed.quiz
                await self._messages.edit(closed.quiz, views.closed(closed))
            return closed

    async def _run_lobby(self, running: RunningQuiz, quiz: Quiz) -> None:
        """Wait until the quiz starts."""
        await self._wait(running, quiz, lambda: running.started, lambda: (running.players,), views.lobby)
        if not running.stopped:
            await self._messages.edit(quiz, views.lobby_closed(quiz, running.players))

    async def _wait(
        self,
        running: RunningQuiz,
        quiz: Quiz,
        is_over: Callable[[], bool],
        count: Callable[[], tuple[int, ...]],
        render: Callable[..., ui.LayoutView],
    ) -> None:
        """Wait until the lobby or question closes or ``is_over``. Meanwhile show each new ``count`` with ``render``, at
        most once in ``edit_seconds``.

        Edits are awaited, so that none arrives after the stage has ended.
        """
        shown, free_at = count(), self._now()
        while not (running.stopped or is_over()):
            now = self._now()
            left = (quiz.row.closes - now).total_seconds()
            if left <= 0:
                return
            if count() == shown:
                await running.timer.sleep(left)
            elif (wait := min(self.edit_seconds, (free_at - now).total_seconds())) > 0:
                await running.timer.sleep(min(left, wait))
            else:
                shown = count()
                await self._messages.edit(quiz, render(quiz, *shown))
                free_at = self._now() + timedelta(seconds=self.edit_seconds)

    async def _wait_between(self, running: RunningQuiz) -> None:
        """Pause before the next question. Late answers to the closed question don't shorten the pause."""
        while not running.stopped and await running.timer.sleep(PAUSE_SECONDS):
            pass

    async def _end(self, running: RunningQuiz, ending: Ending) -> None:
        final = await self._quizzes.end(running.number, ending)
        if final is None:
            return
        if ending is Ending.FINISHED:
            file = await self._podium(final)
            try:
                await self._messages.send(final.quiz, views.final(final, picture(file)), "end", file)
            except UNREACHABLE as error:
                log.info("server %s: the scores of a quiz were not posted: %s", final.quiz.row.server, error)
            else:
                return
        # Show the question that the message shows, even if the next one was already drawn.
        await self._show_end(replace(final, quiz=running.shown or final.quiz))

    async def _podium(self, final: Final) -> discord.File | None:
        """Draw the best players. Hidden ones have no name."""
        best = final.places[:MAX_PLACES]
        if not best or not best[0].score.right:
            return None
        shown = [placed.score.learner for placed in best if not placed.score.hidden]
        names = await self._names(final.quiz.row.server, shown) if shown else {}
        return await self._pictures.file(podium_of(final, names))

    async def _show_end(self, final: Final) -> None:
        """Edit the last message of a quiz to say that it has ended, without buttons."""
        quiz, view = final.quiz, views.final(final)
        try:
            message = quiz.row.message or await self._messages.find(quiz)
            if message is None:
                await self._messages.send(quiz, view, "end")
                return
        except UNREACHABLE as error:
            log.info("server %s: the end of a quiz was not posted: %s", quiz.row.server, error)
        else:
            await self._messages.edit(quiz, view, message)
