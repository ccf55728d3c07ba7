"""Stored study days: recorded with ticks, by the learner's own clock, for any sequence of actions."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.streaks import StudyDay, day_of, streak
from bot.core.course.catalogue import Catalogue
from bot.errors import BadInput
from bot.store import Store
from bot.study import Asker, Study
from tests.databases import BROKEN, break_on, repair
from tests.learner.conftest import TREE


async def test_a_tick_records_a_study_day(ada):
    assert ada.days() == []
    await ada.tick("a/m/u1")
    assert ada.days() == ["2026-11-20"]
    ada.clock.move(hours=2)
    await ada.tick("a/m/u2")
    ((first, last, zone),) = ada._rows("select first_at, last_at, zone from study_day")
    assert (last - first, zone) == (7200, "UTC")


@pytest.mark.parametrize("way", ["complete_all", "save", "several", "path"])
async def test_every_way_to_tick_records_a_study_day(ada, way):
    nodes = ada.course.nodes
    match way:
        case "complete_all":
            await ada.study.progress.complete_all(ada.asker, [nodes["a/m/u1"], nodes["b/n/u1"]])
        case "save":
            await ada.study.progress.save(ada.asker, nodes["a/m"], set(), {"a/m/u1"})
        case "several":
            await ada.tick("a/m/u1")
            ada.clock.move(days=1)
            await ada.study.progress.save(ada.asker, nodes["a/m"], {"a/m/u1"}, {"a/m/u2"})
        case _:
            await ada.tick("a")
    assert len(ada.days()) == (2 if way == "several" else 1)


async def test_an_action_without_ticks_records_no_study_day(ada):
    await ada.tick("a/m/u1")
    ada.clock.move(days=1)
    await ada.tick("a/m/u1")
    await ada.untick("b")
    await ada.study.progress.save(ada.asker, ada.course.nodes["a/m"], {"a/m/u1"}, set())
    assert ada.days() == ["2026-11-20"], "twice ticked, not ticked, unticked"


async def test_a_back_dated_tick_counts_for_the_day_of_its_record(ada):
    await ada.tick("a/m/u1", on=date(2026, 11, 10))
    assert ada.days() == ["2026-11-20"]


# Undo


async def test_undoing_all_ticks_of_today_removes_the_day(ada):
    await ada.tick("a/m/u1")
    ada.clock.move(days=1)
    await ada.tick("a/m/u2")
    await ada.tick("b/n/u1")
    await ada.undo()
    assert ada.days() == ["2026-11-20", "2026-11-21"], "one is left"
    done = await ada.untick("a/m/u2")
    assert ada.days() == ["2026-11-20"]
    assert done.applied.taken == date(2026, 11, 21)


async def test_an_undo_on_the_next_day_removes_no_day(ada):
    await ada.tick("a/m/u1")
    ada.clock.move(days=1)
    await ada.undo()
    assert (ada.days(), ada.ticks()) == (["2026-11-20"], 0)


async def test_undoing_an_older_tick_keeps_today(ada):
    await ada.tick("a/m/u1")
    ada.clock.move(days=1)
    await ada.tick("b/n/u1")
    await ada.untick("a")
    assert ada.days() == ["2026-11-20", "2026-11-21"]


async def test_a_tick_of_another_course_keeps_the_day(ada, study_of, course):
    other = course(TREE, "T-2")
    both = await study_of(ada.course, other)
    await both.progress.complete(ada.asker, other.nodes["a/m/u1"])
    await both.progress.complete(ada.asker, ada.course.nodes["a/m/u1"])
    await both.progress.undo(ada.asker)
    assert ada.days() == ["2026-11-20"]


async def test_ticks_of_others_do_not_keep_the_day(ada):
    await ada.tick("a/m/u1")
    await ada.study.progress.complete(Asker(2, 700, "Ben"), ada.course.nodes["a/m/u1"])
    await ada.undo()
    assert ada.days() == []
    assert ada._rows("select learner_id from study_day") == [(2,)]


async def test_undoing_an_untick_records_no_day(ada):
    node = ada.course.nodes["a/m/u1"]
    await ada.tick("a/m/u1")
    ada.clock.move(days=3)
    taken = (await ada.untick("a/m/u1")).applied.taken
    await ada.study.progress.restore(ada.asker, node, taken)
    assert (taken, ada.days(), ada.ticks()) == (None, ["2026-11-20"], 1)


async def test_undoing_an_undo_restores_the_day_on_the_same_day(ada):
    node = ada.course.nodes["a/m/u1"]
    await ada.tick("a/m/u1")
    taken = (await ada.undo()).applied.taken
    assert ada.days() == []
    await ada.study.progress.restore(ada.asker, node, taken)
    assert ada.days() == ["2026-11-20"]
    taken = (await ada.undo()).applied.taken
    ada.clock.move(days=1)
    await ada.study.progress.restore(ada.asker, node, taken)
    assert (ada.days(), ada.ticks()) == ([], 1)


# Zones


async def test_days_are_in_the_learners_zone(ada):
    await ada.set_zone("Auckland")
    ada.at("2026-11-20 10:30")  # 23:30 there
    await ada.tick("a/m/u1")
    ada.at("2026-11-20 11:30")
    done = await ada.tick("a/m/u2")
    assert ada.days() == ["2026-11-20", "2026-11-21"]
    assert done.streak.days == 2


async def test_a_change_of_zone_adds_and_removes_no_day(ada):
    await ada.set_zone("Europe/Berlin")
    ada.at("2026-11-20 21:00")
    await ada.tick("a/m/u1")
    await ada.set_zone("Asia/Tokyo")  # it is the 21st there
    await ada.tick("a/m/u2")
    assert ada.days() == ["2026-11-20"], "a day lasts until midnight on the clock on which it began"
    await ada.set_zone("Pacific/Honolulu")
    ada.at("2026-11-21 06:00")  # the 20th again
    await ada.tick("a/m/u3")
    assert ada.days() == ["2026-11-20"], "days never run backwards"
    ada.at("2026-11-21 20:00")
    await ada.tick("a/m/u4")
    assert ada.days() == ["2026-11-20", "2026-11-21"]


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
async def test_days_follow_the_clock_through_its_changes(ada, night, hours):
    await ada.set_zone("Europe/Berlin")
    zone, start = ZoneInfo("Europe/Berlin"), date.fromisoformat(night)
    midnight = [datetime(start.year, start.month, start.day + 1 + more, tzinfo=zone).astimezone(UTC) for more in (0, 1)]
    assert midnight[1] - midnight[0] == timedelta(hours=hours)
    minute = timedelta(minutes=1)
    moments = [midnight[0] - minute, midnight[0], midnight[1] - minute, midnight[1]]
    for number, moment in enumerate(moments, 1):
        ada.clock.moment = moment
        await ada.tick(f"a/m/u{number}")
    assert ada.days() == [str(start + timedelta(days=more)) for more in range(3)]


async def test_a_given_day_is_in_the_learners_zone(ada):
    await ada.set_zone("Auckland")
    ada.at("2026-11-20 12:30")  # the 21st, 01:30 there
    today = await ada.tick("a/m/u1", on=date(2026, 11, 21))
    assert today.applied.after[-1].done_at == ada.clock.moment
    before = await ada.tick("a/m/u2", on=date(2026, 11, 20))
    assert before.applied.after[-1].done_at == datetime(2026, 11, 19, 23, tzinfo=UTC), "noon there"
    with pytest.raises(BadInput, match="latest date you can use is November 21"):
        await ada.tick("a/m/u3", on=date(2026, 11, 22))
    ben = Asker(2, None, "Ben")
    with pytest.raises(BadInput, match="latest date you can use is November 20"):
        await ada.study.progress.complete(ben, ada.course.nodes["a/m/u1"], date(2026, 11, 21))


async def test_the_zone_is_asked_for_once_when_the_second_day_begins(ada):
    assert not (await ada.tick("a/m/u1")).ask_zone
    ada.clock.move(days=1)
    assert (await ada.tick("a/m/u2")).ask_zone
    ada.clock.move(days=1)
    assert not (await ada.tick("a/m/u3")).ask_zone


async def test_a_learner_with_a_zone_is_not_asked(ada):
    await ada.set_zone("Lisbon")
    await ada.tick("a/m/u1")
    ada.clock.move(days=1)
    assert not (await ada.tick("a/m/u2")).ask_zone


# All or nothing


@pytest.mark.parametrize(
    "fault",
    ["before insert on study_day", "before insert on tick", "after insert on study_day", "before insert on milestone"],
)
async def test_ticks_and_their_day_are_stored_atomically(ada, path, fault):
    break_on(path, fault)
    with pytest.raises(BROKEN, match="broken"):
        await ada.tick("a")
    assert (ada.days(), ada.ticks()) == ([], 0)
    repair(path, fault)
    await ada.tick("a")
    assert (ada.days(), ada.ticks()) == (["2026-11-20"], 4)


async def test_an_undo_and_its_day_are_deleted_atomically(ada, path):
    await ada.tick("a")
    break_on(path, "before delete on study_day")
    with pytest.raises(BROKEN, match="broken"):
        await ada.undo()
    assert (ada.days(), ada.ticks()) == (["2026-11-20"], 4)


# Any order

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Honolulu")
UNITS = [
    f"{path}/{module}/{unit}" for path, modules in TREE.items() for module, units in modules.items() for unit in units
]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.sampled_from(UNITS)),
        st.tuples(st.just("untick"), st.sampled_from(UNITS)),
        st.tuples(st.just("zone"), st.sampled_from(ZONES)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    max_size=40,
)


@given(acts=ACTS)
@settings(max_examples=40, deadline=None)
def test_any_sequence_of_actions_matches_the_model(acts, course, tmp_path_factory):
    asyncio.run(live(acts, course(TREE), tmp_path_factory.mktemp("any") / "waymark.db"))


async def live(acts, small, path):
    """Run ``acts`` on a real database and on a plain model; both must agree after each."""
    moment, zone = datetime(2026, 10, 22, 20, tzinfo=UTC), "UTC"
    ticks, days = {}, []
    store = await Store.open(path)
    study = await Study.open(store, Catalogue((small,), small.id), now=lambda: moment)
    who = Asker(1, 700, "Ada")
    try:
        for act, what in acts:
            today = day_of(days[-1] if days else None, moment, ZoneInfo(zone))
            if act == "wait":
                moment += timedelta(hours=what)
            elif act == "zone":
                await study.learners.set_zone(1, what)
                zone = what
            elif act == "tick":
                await study.progress.complete(who, small.nodes[what])
                if what not in ticks:
                    ticks[what] = moment
                    if days and days[-1].day == today:
                        days[-1] = replace(days[-1], last=moment)
                    else:
                        days.append(StudyDay(today, moment, moment, zone))
            else:
                await study.progress.undo_node(who, small.nodes[what])
                gone = ticks.pop(what, None) and days and days[-1].day == today
                if gone and not any(made >= days[-1].first for made in ticks.values()):
                    days.pop()
            assert (await study.learners.streak(1)) == streak(days, moment, ZoneInfo(zone))
    finally:
        await store.close()
