"""Streaks in digests, from the store to the text."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.calendar.slots import Schedule, Slot
from bot.core.calendar.timestamps import seconds
from bot.core.cohort.streaks import NO_STREAKS, LongestStreaks, longest
from bot.store.cohorts import Cohort
from bot.store.deliveries import ScheduleState
from bot.study import Asker
from bot.study.delivery_kind import Marker
from bot.study.digest_content import STREAKS_READ, DigestBuilder, DigestContent
from bot.views import digest as views
from tests.cogs.conftest import text_of
from tests.databases import query
from tests.delivery.plain import Chat, PlainMessenger
from tests.digest.weeks import digest_of as digest_of_week
from tests.digest.weeks import member, ticks

UNTIL = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MARKER = Marker(1, "t-1:2026-W48")


async def studies(ada, learner, *nights, zone=None):
    """Tick a unit on each of these days of November, late in the evening UTC, as a member of the cohort."""
    await ada.study.progress.join(Asker(learner, 700, f"L{learner}"), ada.course, visible=True)
    if zone:
        await ada.study.learners.set_zone(learner, zone)
    for unit, night in zip(ada.course.leaves, nights, strict=False):
        ada.at(f"2026-11-{night} 22:30")
        await ada.study.progress.complete(Asker(learner, 700, f"L{learner}"), ada.course.nodes[unit])


async def digest_of(ada, until=UNTIL):
    builder = DigestBuilder(ada.store, ada.study.catalogue, ada.study.daily_questions, now=lambda: until)
    cohort = Cohort(700, ada.course.id, 1, Schedule(0, 9 * 60, "UTC"), ScheduleState.ON, until)
    slot = Slot(until.date(), until)
    return (await builder.week(cohort, PlainMessenger(Chat(lambda: until)), slot, MARKER, None)).digest


def shown(digest, names):
    """Return the text of a digest."""
    return text_of(views.digest(DigestContent(digest, names, MARKER), "alt").to_components())


async def test_the_longest_three_are_named_and_nobody_else(ada):
    await studies(ada, 1, 20, 21, 22)
    await studies(ada, 2, *range(15, 23))
    await studies(ada, 3, 21, 22)
    await studies(ada, 4, 10, 11, 12)
    digest = await digest_of(ada)
    assert digest.streaks == LongestStreaks(days=((2, 8), (1, 3)))
    assert {1, 2} <= digest.named
    assert "🔥 Streaks: **Ben** 8 days, **Ada** 3 days" in shown(digest, {1: "Ada", 2: "Ben"})


async def test_a_digest_counts_days_by_each_learner_s_own_clock(ada):
    await studies(ada, 1, 19, 20, 21, zone="Europe/Berlin")  # 23:30 there
    await studies(ada, 2, 19, 20, 21, zone="Asia/Tokyo")  # the next morning there
    digest = await digest_of(ada, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert digest.streaks.days == ((2, 3),), "in Berlin it is the 23rd, and the 22nd was missed"


async def test_a_change_of_zone_keeps_the_streak_in_the_digest(ada):
    await studies(ada, 1, 19, 20, zone="Pacific/Honolulu")
    await ada.set_zone("Asia/Tokyo")
    ada.at("2026-11-21 22:30")  # the 22nd in Tokyo; the learner was elsewhere on the 21st
    await ada.study.progress.complete(ada.asker, ada.course.nodes["b/n/u4"])
    ada.clock.moment = UNTIL
    own = await ada.study.learners.streak(1)
    assert (await digest_of(ada)).streaks.days == ((1, own.days),) == ((1, 3),)


async def test_weekly_streaks_without_daily_streaks(ada):
    ada.at("2026-10-01 12:00")
    await studies(ada, 1, "03", 10, 17)
    digest = await digest_of(ada)
    assert digest.streaks == LongestStreaks(weeks=((1, 3),))
    assert "🔥 Streaks: **Ada** 3 weeks" in shown(digest, {1: "Ada"})


@pytest.mark.parametrize("how", ["hidden", "left", "later"])
async def test_hidden_members_are_not_named(ada, how):
    await studies(ada, 1, 20, 21, 22)
    if how == "hidden":
        await ada.study.privacy.set_visibility(1, hidden=True)
    elif how == "left":
        await ada.study.privacy.leave(1, 700)
    digest = await digest_of(ada, UNTIL - timedelta(days=2) if how == "later" else UNTIL)
    assert digest.streaks == NO_STREAKS, "days after the digest's own week don't count either"


def test_more_than_a_year_is_not_counted(ada):
    digest = digest_of_week(ada.course, member(1, ticks("a/m/u1")))
    text = shown(replace(digest, streaks=LongestStreaks(days=((1, 398),))), {1: "Ada"})
    assert "🔥 Streaks: **Ada** over a year" in text


@pytest.mark.parametrize("seed", range(6))
async def test_reading_the_days_of_few_finds_the_longest_of_all(ada, path, seed):
    """The study days of those with the most are read first, until nobody else can have a longer streak."""
    chance = random.Random(seed)
    learners = range(1, 3 * STREAKS_READ)
    for learner in learners:
        query(path, "insert into member (server_id, course, learner_id, joined_at) values (700, 't-1', ?, 1)", learner)
        often = chance.choice([0.2, 0.2, 0.5, 0.9] if seed % 2 else [0.15])
        for age in range(40):
            if chance.random() < often:
                at = UNTIL - (age + 1) * DAY
                row = learner, at.date().isoformat(), seconds(at), seconds(at)
                query(path, "insert into study_day (learner_id, day, first_at, last_at, zone) values (?, ?, ?, ?, 'UTC')", *row)  # fmt: skip  # noqa: E501
    every = await ada.store.digests.histories(list(learners), {}, UNTIL)
    expected = longest(every, UNTIL)
    found = (await digest_of(ada)).streaks
    assert [weeks for _, weeks in found.weeks] == [weeks for _, weeks in expected.weeks]
    assert found.days == expected.days, "with the same members"


@pytest.mark.parametrize(
    ("streaks", "days", "settled"),
    [
        (LongestStreaks(days=((1, 9), (2, 8), (3, 7))), 7, True),
        (LongestStreaks(days=((1, 9), (2, 8), (3, 7))), 8, False),
        (LongestStreaks(days=((1, 9), (2, 8))), 3, False),
        (LongestStreaks(weeks=((1, 9), (2, 8), (3, 7))), 3, False),
        (NO_STREAKS, 3, False),
    ],
)
def test_when_no_more_study_days_have_to_be_read(streaks, days, settled):
    assert streaks.settled(days) is settled
