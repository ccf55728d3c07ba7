"""The question of the day: 5,000 members of one server answer it within a minute."""

import asyncio
import sqlite3
from datetime import UTC, datetime

from bot.client.daily_question_posts import EDIT_SECONDS
from bot.content import read_banks
from bot.core.questions.bank import Bank
from bot.core.questions.daily_question import choose
from bot.study.review_results import fingerprint
from tests.bench.client import connected
from tests.bench.payloads import SERVER
from tests.bench.table import Row
from tests.bench.timing import median, percentile
from tests.bench.traffic import Batch, Kind
from tests.bench.workspace import FIRST_LEARNER, ROOT, Workspace, raw

TITLE = "question of the day: 5,000 answers to one post within a minute"
HOW = (
    "Open loop: 5,000 members press a button of the same post, evenly over a minute, each once. Times run from when a "
    "press was due until the private answer arrived. Each is stored with its review and study day, durably. Meanwhile "
    "the bot edits the number of answers in the post."
)
ANSWERS, SECONDS = 5000, 60
SLOT = "2026-11-20"
CHANNEL, MESSAGE = SERVER + 205, SERVER + 600


async def rows(place: Workspace) -> list[Row]:
    course = place.catalogue.default
    with raw(place.load) as bare:
        _post(bare, read_banks(ROOT / "data" / "questions", (course,))[course.id])
        async with connected(place.load) as client:
            letters = [Kind(f"wm1:daily:A:{SLOT}", {}, FIRST_LEARNER, fresh=True)]
            seen = await client.run(Batch(letters, ANSWERS, rate=ANSWERS / SECONDS))
            await asyncio.sleep(2 * EDIT_SECONDS)
        ((stored,),) = bare.execute("select count(*) from daily_answer").fetchall()
        ((shown,),) = bare.execute("select shown from daily_post").fetchall()
    return [
        Row("answers unanswered or not stored", 2 * ANSWERS - len(seen.waits) - stored, "", most=0),
        Row("answers that the post doesn't show at the end", stored - shown, "", most=0),
        Row("time until the private answer, median", median(seen.waits)),
        Row("time until the private answer, 99 %", percentile(seen.waits, 99), most=0.2),
        Row("the simulated Discord behind its own timetable, at most", seen.behind),
    ]


def _post(bare: sqlite3.Connection, bank: Bank) -> None:
    """Store a post as if it had been sent."""
    question = choose(bank, {}, {}, SLOT)
    if question is None:
        raise RuntimeError("the bank has no question to ask")
    at = int(datetime(2026, 11, 20, 9, tzinfo=UTC).timestamp())
    bare.execute(
        "insert into daily_post (server_id, slot, course, question, fingerprint) values (?, ?, ?, ?, ?)",
        (SERVER, SLOT, bank.course.id, question.id, fingerprint(question)),
    )
    bare.execute(
        "insert into delivery (server_id, learner_id, kind, series, slot, course, slot_at, state, channel_id,"
        " message_id, sent_at) values (?, 0, 'daily-question', '', ?, ?, ?, 'sent', ?, ?, ?)",
        (SERVER, SLOT, bank.course.id, at, CHANNEL, MESSAGE, at),
    )
