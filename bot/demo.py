"""The real bot on a simulated Discord, in a local browser page: a server, an administrator and members at work."""

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import simcord
import typer
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle
from simcord.preview import Preview

from bot.client.bot import StudyBot
from bot.config import Settings
from bot.content import catalogue_of, read_content
from bot.core.calendar.slots import Schedule
from bot.core.course.badge import BadgeColor, Glyph
from bot.core.course.course import Course
from bot.core.questions.answer import letters_of
from bot.core.questions.question import Kind, Question
from bot.errors import CannotStart
from bot.store import Store
from bot.study import Asker, Study
from bot.study.plan_settings import PlanSettings
from bot.study.review_results import AnsweredCard, AskedCard
from bot.views.emojis import BadgeEmoji, Emoji, emojis_of
from bot.views.pictures.emojis import draw

WELCOME = """
Waymark on a simulated Discord. Open the whole address in a browser, including the part after #:

  {url}

Type a command in the message box, press Enter, then press Send. Try, in this order:
  /next                the next unit, with a Done button
  /start               your home: what's next, what's due and how you're doing
  /paths               the course, path by path
  /review              questions, just before you'd forget the answers
  /plan                your exam date and weekly plan
  /quiz                a quiz for the whole channel: answer as several members
  /setup               course, weekly digest and study panel, for managers

You are Ada, who manages the server. The page can switch to the other members; {newcomer} is new here, so try /start as
her. Nothing leaves this machine, and everything is deleted at the end. Press Ctrl-C to stop.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the demo's server: how much of each path they have completed (0 to 1), and in how many days."""

    name: str
    shares: Sequence[float]
    days: int


PEOPLE = (
    Person("Ada", (1.0, 0.4), 12),
    Person("Bruno", (1.0, 1.0, 1.0, 0.7), 40),
    Person("Χριστίνα", (1.0, 0.2), 21),
    Person("Дарья", (0.3,), 3),
    Person("藤原さくら 🚀", (1.0, 1.0, 0.5), 33),
    Person("Noor", (), 0),
)
"""The first manages the server; the last is new and has done nothing yet."""


REVIEWED = ((9, 8), (7, 10), (4, 8), (2, 6))
"""How many days ago the first two reviewed, and how many cards."""
WRONG_EACH = 5
"""Every fifth answer of theirs is wrong."""
TICK_SECONDS = 0.5
STOP_SECONDS = 10.0
AVATAR = "waymark"
EXAMS, HOURS = (5, 3, 8), (3.5, 4.0, 2.0)
"""In how many weeks the first three have their exam, and how many hours a week they study."""


class Clock:
    """The time, or some while ago: so that what the members did lies where it belongs."""

    ago = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) - self.ago


async def serve_demo(settings: Settings, port: int) -> None:
    """Serve the demo until the page is closed or Ctrl-C. ``port`` 0 takes a free one."""
    catalogue = catalogue_of(read_content(settings), settings)
    with tempfile.TemporaryDirectory(prefix="waymark-demo-") as folder:
        store = await Store.open(Path(folder) / "demo.db")
        try:
            clock = Clock()
            study = await Study.open(store, catalogue, now=clock.now)
            async with simcord.run(StudyBot(study, store, shard_count=1), check_errors=False, shard_count=1) as env:
                emojis = emojis_of(catalogue.courses.values())
                bot = await _start(env, study, store, emojis)
                channel, viewers = await _populate(env, bot, clock, catalogue.default)
                assets = {**await emoji_assets(env, emojis), **_avatar(env)}
                async with env.preview(
                    channel, viewers=viewers, layout="channel", port=port or None, assets=assets
                ) as preview:
                    typer.echo(WELCOME.format(url=preview.url, newcomer=PEOPLE[-1].name))
                    timekeeper = asyncio.create_task(keep_time(env, preview))
                    try:
                        await preview.wait_closed()
                    finally:
                        _end_soon(folder)
                        timekeeper.cancel()
                        await asyncio.wait((timekeeper,))
        except simcord.SetupError as error:
            raise CannotStart(f"The demo can't be shown: {error}. Try `make demo PORT=0`.") from error
        finally:
            await store.close()


def _end_soon(folder: str) -> None:
    """End this process in ``STOP_SECONDS`` even if the simulator still waits for one of the tasks that it canceled."""

    def end() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    timer = threading.Timer(STOP_SECONDS, end)
    timer.daemon = True
    timer.start()


async def _start(env: simcord.Env, study: Study, store: Store, emojis: Sequence[Emoji]) -> StudyBot:
    """Return a bot that starts now, under the name Waymark.

    The calendar of the simulated Discord starts in January 2026. The bot that ran at that time would first process the
    months in between.
    """
    env.backend.edit_bot_profile("Waymark")
    env.backend.bot_user.avatar = AVATAR
    env.backend.advance_clock((datetime.now(UTC) - env.now()).total_seconds())
    bot = StudyBot(study, store, shard_count=1, emojis=emojis)
    await env.restart_bot(bot)
    return bot


async def _populate(
    env: simcord.Env, bot: StudyBot, clock: Clock, course: Course
) -> tuple[ChannelHandle, list[simcord.MemberActor]]:
    """Create a server with members who have studied for some weeks. Return its channel and its members."""
    study = bot.study
    ada, *others = [env.create_user(person.name.lower(), global_name=person.name) for person in PEOPLE]
    guild = env.create_guild("Cloud study group", owner=ada)
    channel = guild.create_text_channel("az-104")
    members = [guild.add_member(user) for user in (ada, *others)]
    await env.settle()
    for member, person in zip(members, PEOPLE, strict=True):
        await study_as(study, clock, Asker(member.id, guild.id, person.name), person, course)
    for member in members[:2]:
        await review_as(study, clock, member.id, course)
    at = Schedule(day=0, minute=9 * 60, zone="UTC")
    digest = await study.digests.set_up(guild.id, ada.id, course, channel=channel.id, schedule=at)
    for member, weeks, hours in zip(members, EXAMS, HOURS, strict=False):
        exam = (datetime.now(UTC) + timedelta(weeks=weeks)).date()
        await study.plans.set(
            member.id, course, PlanSettings(exam, round(60 * hours), frozenset((0, 1, 3, 5)), shared=True)
        )
    await study.digests.post_now(digest.cohort, bot.messenger, 1)
    await env.settle()
    return channel, members


def _avatar(env: simcord.Env) -> dict[str, tuple[str, bytes]]:
    """Return the bot's avatar by its address."""
    address = f"{CDN_BASE}/avatars/{env.backend.bot_user.id}/{AVATAR}.png"
    return {address: ("waymark.png", draw(BadgeEmoji(Glyph.STAR, BadgeColor.BLUE)))}


async def emoji_assets(env: simcord.Env, emojis: Sequence[Emoji]) -> dict[str, tuple[str, bytes]]:
    """Return the pictures of the uploaded emojis by address, because the simulated Discord keeps only their names."""
    bot = env.bot
    if isinstance(bot, StudyBot) and bot.emoji_sync:
        await bot.emoji_sync.synchronize()  # waits for the synchronization that began at the start
    by_name = {emoji.name: emoji for emoji in emojis}
    return {
        f"{CDN_BASE}/emojis/{found.id}.png": (f"{found.id}.png", draw(by_name[found.name]))
        for found in env.backend.application_emojis.values()
        if found.name in by_name
    }


async def keep_time(env: simcord.Env, preview: Preview) -> None:
    """Let the simulated clock, which stands still by itself, follow the real one, and publish what the bot posts.

    The page publishes only what its own viewer does. Publishing more often than necessary would invalidate buttons
    that someone is about to press.
    """
    published = len(env.http_requests)
    while True:
        env.backend.advance_clock(max(0.0, (datetime.now(UTC) - env.now()).total_seconds()))
        await asyncio.sleep(TICK_SECONDS)
        if len(env.http_requests) != published:
            with suppress(simcord.SetupError, TimeoutError):  # a viewer's action is in progress: next time
                await preview.refresh()
                published = len(env.http_requests)


async def study_as(study: Study, clock: Clock, who: Asker, person: Person, course: Course) -> None:
    """Complete what the person has done, spread evenly over their days until now. They all show their progress."""
    todo = [
        leaf
        for path, share in zip(course.paths, person.shares, strict=False)
        for leaf in path.leaves[: round(share * len(path.leaves))]
    ]
    clock.ago = timedelta(days=person.days)
    if todo:
        await study.progress.join(who, course, visible=True)
    for number, leaf in enumerate(todo):
        clock.ago = timedelta(days=person.days) * (1 - (number + 1) / len(todo))
        await study.progress.complete(who, course.nodes[leaf])
    clock.ago = timedelta()


def wrong_answer(question: Question) -> tuple[int, ...]:
    """Return an answer that is wrong, with as many options as the right one."""
    if question.parts:
        return tuple((part.right + 1) % len(part.options) for part in question.parts)
    if question.kind is Kind.ORDER:
        return question.right[::-1]
    wrong = [index for index in range(len(question.texts)) if index not in question.right]
    return (wrong[0], *question.right[1:])


async def review_as(study: Study, clock: Clock, learner: int, course: Course) -> None:
    """Answer some cards on days that are over, most of them rightly."""
    if course.id not in study.catalogue.banks:
        return
    for days, count in REVIEWED:
        clock.ago = timedelta(days=days)
        shown = await study.reviews.begin(learner, course, count=count, route=course.paths[1].route)
        while isinstance(shown, AskedCard):
            given = shown.question.right if shown.position % WRONG_EACH else wrong_answer(shown.question)
            clock.ago -= timedelta(seconds=20)
            letters = letters_of(shown.question, shown.seed, given)
            answered = await study.reviews.answer(learner, course, shown.seed, letters)
            if not isinstance(answered, AnsweredCard) or answered.rating is None:
                break
            shown = await study.reviews.rate(learner, course, shown.seed, answered.rating)
    clock.ago = timedelta()
