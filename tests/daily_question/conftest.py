"""A server with a question of the day, in a simulated Discord or without one."""

from datetime import timedelta

import pytest

from bot.core.questions.answer import shuffled
from bot.core.questions.question import LETTERS
from bot.study.daily_question_setup import DailyDraft
from tests.cogs.conftest import parts
from tests.delivery.cases import open_study
from tests.delivery.plain import Chat, PlainMessenger, Process
from tests.digest.conftest import digest_sim

__all__ = ["digest_sim"]

SERVER, MANAGER, CHANNEL = 700, 7, 7000


@pytest.fixture
def chat(clock):
    return Chat(clock.now)


@pytest.fixture
async def process(store, clock, chat):
    return Process(await open_study(store, clock.now), PlainMessenger(chat))


@pytest.fixture
def day(process, clock):
    """Moves the clock to noon of the next day (UTC), when the question is posted, and lets the bot post it."""

    async def day(count=1):
        for _ in range(count):
            clock.moment = (clock.moment + timedelta(days=1)).replace(hour=12, minute=0, second=0)
            await process.tick()

    return day


@pytest.fixture
async def on(process):
    """A server with a question of the day at noon."""
    await process.study.daily_question_setup.save(
        SERVER, MANAGER, DailyDraft(CHANNEL, thread=False, minute=720, zone="UTC")
    )


@pytest.fixture
def slot(clock):
    """The slot of today."""
    return lambda: clock.moment.date().isoformat()


def letter_of(posted, *, right=True):
    """The letter of the right option, or of the first wrong one."""
    order = shuffled(posted.question, posted.seed)
    wanted = next(index for index in order if (index in posted.question.right) is right)
    return LETTERS[order.index(wanted)]


class DailySim:
    """The simulated server, seen through its question of the day."""

    def __init__(self, sim):
        self.sim = sim

    async def set_up(self, minutes=1, role=0, channel=None):
        at = self.sim.env.now() + timedelta(minutes=minutes)
        draft = DailyDraft(
            (channel or self.sim.channel).id, thread=False, minute=at.hour * 60 + at.minute, zone="UTC", role=role
        )
        await self.sim.study.daily_question_setup.save(self.sim.guild.id, self.sim.boss.id, draft)

    def posts(self):
        """The stored messages of the posts, oldest first."""
        stored = self.sim.env.backend.messages.get(self.sim.channel.id, {}).values()
        return [each for each in stored if not each.is_ephemeral and self.ids(each)]

    @staticmethod
    def ids(message):
        found = [part["custom_id"] for part in parts(message.components) if "custom_id" in part]
        return [each for each in found if each.startswith("wm1:daily:")]

    async def answer(self, who, post, *, right=True):
        slot = self.ids(post)[0].split(":")[-1]
        stored = await self.sim.store.daily_questions.post(self.sim.guild.id, slot)
        letter = letter_of(self.sim.study.daily_questions.posted(stored), right=right)
        return await self.sim.press(who, f"wm1:daily:{letter}:{slot}", self.sim.message(post))

    def edits(self, post):
        path = f"/channels/{self.sim.channel.id}/messages/{post.id}"
        return [each for each in self.sim.env.http_requests if (each.method, each.path) == ("PATCH", path)]


@pytest.fixture
def daily(digest_sim):
    return DailySim(digest_sim)
