"""Streaks and plans in digests, from the store to the text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.cohort.digest import Learner, build
from bot.study import Asker
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.views import digest as views
from tests.cogs.conftest import text_of

SINCE, UNTIL = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)


async def studies(ada, learner, *nights, zone=None):
    """Tick a unit on each of these days of November, late in the evening UTC."""
    if zone:
        await ada.study.learners.set_zone(learner, zone)
    for unit, night in zip(ada.course.leaves, nights, strict=False):
        ada.at(f"2026-11-{night} 22:30")
        await ada.study.progress.complete(Asker(learner, 700, f"L{learner}"), ada.course.nodes[unit])


async def digest_of(ada, until=UNTIL):
    week = {"since": SINCE, "until": until}
    learners, _, _ = await ada.store.digests.learners(700, ada.course.id, **week)
    return build(ada.course, learners, **week, first=SINCE.date(), last=until.date())


async def test_the_longest_three_are_named_and_nobody_else(ada):
    await studies(ada, 1, 20, 21, 22)
    await studies(ada, 2, *range(15, 23))
    await studies(ada, 3, 21, 22)
    await studies(ada, 4, 10, 11, 12)
    digest = await digest_of(ada)
    assert digest.streaks == ((2, 8), (1, 3))
    assert {1, 2} <= digest.named
    shown = text_of(
        views.digest(DigestContent(digest, {1: "Ada", 2: "Ben"}, Marker(1, "t-1:2026-W48"))).to_components()
    )
    assert "🔥 In a row: **Ben** 8 days, **Ada** 3 days" in shown


async def test_a_digest_counts_days_by_each_learner_s_own_clock(ada):
    await studies(ada, 1, 19, 20, 21, zone="Europe/Berlin")  # 23:30 there
    await studies(ada, 2, 19, 20, 21, zone="Asia/Tokyo")  # the next morning there
    digest = await digest_of(ada, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert digest.streaks == ((2, 3),), "in Berlin it is the 23rd, and the 22nd was missed"


async def test_a_change_of_zone_keeps_the_streak_in_the_digest(ada):
    await studies(ada, 1, 19, 20, zone="Pacific/Honolulu")
    await ada.set_zone("Asia/Tokyo")
    ada.at("2026-11-21 22:30")  # the 22nd in Tokyo; the learner was elsewhere on the 21st
    await ada.study.progress.complete(ada.asker, ada.course.nodes["b/n/u4"])
    ada.clock.moment = UNTIL
    own = await ada.study.learners.streak(1)
    assert (await digest_of(ada)).streaks == ((1, own.days),) == ((1, 3),)


async def test_weekly_streaks_without_daily_streaks(ada):
    ada.at("2026-10-01 12:00")
    await studies(ada, 1, "03", 10, 17)
    digest = await digest_of(ada)
    assert (digest.streaks, digest.weekly) == ((), ((1, 3),))
    shown = text_of(views.digest(DigestContent(digest, {1: "Ada"}, Marker(1, "t-1:2026-W48"))).to_components())
    assert "🔥 In a row: **Ada** 3 weeks" in shown


@pytest.mark.parametrize("how", ["hidden", "left", "later"])
async def test_hidden_members_are_not_named(ada, how):
    await studies(ada, 1, 20, 21, 22)
    if how == "hidden":
        await ada.study.privacy.set_visibility(1, hidden=True)
    elif how == "left":
        await ada.study.privacy.leave(1, 700)
    digest = await digest_of(ada, UNTIL - timedelta(days=2) if how == "later" else UNTIL)
    assert (digest.streaks, digest.weekly) == ((), ()), "days after the digest's own week don't count either"


def test_plans_are_counted_and_nobody_is_named(ada):
    learners = [
        Learner(number, SINCE - timedelta(days=1), (), on_track=track)
        for number, track in enumerate([True, False, None, True])
    ]
    digest = build(ada.course, learners, since=SINCE, until=UNTIL, first=SINCE.date(), last=UNTIL.date())
    assert (digest.on_track, digest.planned) == (2, 3)
    shown = text_of(views.digest(DigestContent(digest, {}, Marker(1, "t-1:2026-W48"))).to_components())
    assert "🎯 Plans on track: 2 of 3" in shown
    assert "<@" not in shown
    none = replace(digest, planned=0, on_track=0)
    assert "Plans" not in text_of(views.digest(DigestContent(none, {}, Marker(1, "t-1:2026-W48"))).to_components())


def test_more_than_a_year_is_not_counted(ada):
    digest = build(ada.course, [], since=SINCE, until=UNTIL, first=SINCE.date(), last=UNTIL.date())
    edition = DigestContent(replace(digest, members=1, streaks=((1, 398),)), {}, Marker(1, "t:1"))
    shown = text_of(views.digest(edition).to_components())
    assert "<@1> over a year" in shown
