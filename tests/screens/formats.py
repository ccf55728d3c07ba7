"""A channel of the simulated Discord: a review question of each format, asked and answered wrongly, and samples."""

import asyncio
import sys
import tempfile
from pathlib import Path

import simcord

from bot.client.bot import StudyBot
from bot.config import Settings
from bot.content import catalogue_of, read_content
from bot.core.questions.answer import mark
from bot.core.questions.fsrs import default_rating
from bot.demo import wrong_answer
from bot.store import Store
from bot.study import Study
from bot.study.review_results import AnsweredCard, AskedCard
from bot.views import review as views
from tests.screens.questions import QUESTIONS
from tests.screens.samples import samples


async def serve() -> None:
    """Post all messages in the order of ``NAMES``, print the address of the page, and serve it until it is closed."""
    settings = Settings()
    catalogue = catalogue_of(read_content(settings), settings)
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "formats.db")
        study = await Study.open(store, catalogue)
        bot = StudyBot(study, store, shard_count=1)
        async with simcord.run(bot, check_errors=False, shard_count=1) as env:
            ada = env.create_user("ada")
            guild = env.create_guild("Cloud study group", owner=ada)
            channel, member = guild.create_text_channel("az-104"), guild.add_member(ada)
            await env.settle()
            bank = catalogue.bank(catalogue.default)
            for id_ in QUESTIONS.values():
                question = bank.questions[id_]
                asked = AskedCard(
                    bank=bank, question=question, seed=7, position=3, goal=10, is_new=False, can_undo=True
                )
                given = wrong_answer(question)
                right = mark(question, given)
                rating = default_rating(right, None, question)
                answered = AnsweredCard(
                    bank=bank, question=question, seed=7, position=3, goal=10, given=given, right=right, rating=rating,
                    default_rating=rating, before=None, at=env.now(), max_interval=None,
                )  # fmt: skip
                for view in (views.asked(asked), views.answered(answered)):
                    await bot.get_partial_messageable(channel.id).send(view=view)
            async for view in samples(study, bank, guild.id, env.now()):
                await bot.get_partial_messageable(channel.id).send(view=bot.references.view(view))
            await env.settle()
            async with env.preview(channel, viewers=[member], layout="channel") as preview:
                sys.stdout.write(f"{preview.url}\n")
                await preview.wait_closed()
        await store.close()


if __name__ == "__main__":
    asyncio.run(serve())
