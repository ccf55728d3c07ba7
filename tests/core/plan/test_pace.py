"""Who is on track, told without making the plan, is who the plan says is on track."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import Learner
from bot.core.course.progress import Progress, Tick
from bot.core.plan.pace import fits, on_track
from bot.core.plan.plan import Standing, plan
from bot.core.plan.study_days import Goal, StudyWindow, merged

DAY = timedelta(days=1)
MONDAY = date(2028, 2, 14)
LONG_AGO = seconds(datetime(2027, 1, 1, tzinfo=UTC))


def wish_of(**more):
    given = {"exam": MONDAY + 60 * DAY, "minutes_a_week": 300, "days": frozenset(range(7)), "start": MONDAY,
             "baseline_minutes": 1000, "away": ()}  # fmt: skip
    return Goal(**{**given, **more})


@settings(max_examples=400, deadline=None)
@given(
    course=st.sampled_from(["az-104", "az-900", "az-400", "dp-900"]),
    done=st.floats(0, 1),
    minutes=st.integers(30, 900),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    ahead=st.integers(1, 150),
    begun=st.integers(-10, 60),
    away=st.lists(st.tuples(st.integers(-20, 100), st.integers(0, 20)), max_size=3),
)
@example("az-104", 0.0, 300, frozenset({0, 2, 5}), 30, 10, [(3, 4)])
def test_it_agrees_with_the_plan_while_nothing_was_done_today(courses, course, done, minutes, days, ahead, begun, away):
    found = courses[course]
    leaves = list(found.leaves)
    ticked = leaves[: int(done * len(leaves))]
    goal = wish_of(
        exam=MONDAY + ahead * DAY,
        minutes_a_week=minutes,
        days=days,
        start=MONDAY - begun * DAY,
        baseline_minutes=found.minutes,
        away=merged((MONDAY + at * DAY, MONDAY + (at + more) * DAY) for at, more in away),
    )
    assume(goal.start < goal.exam)
    progress = Progress(found, [Tick(leaf, LONG_AGO, LONG_AGO) for leaf in ticked])
    made = plan(progress, goal, MONDAY)
    learner = Learner(1, datetime(2027, 1, 1, tzinfo=UTC), [(leaf, LONG_AGO, LONG_AGO) for leaf in ticked])
    assert on_track(found, learner, goal, MONDAY) is (made.standing is not Standing.SHORT)
    split = replace(learner, marks=learner.marks[5:], earlier=frozenset(ticked[:5]))
    assert on_track(found, split, goal, MONDAY) is on_track(found, learner, goal, MONDAY)


def test_days_of_which_the_answer_is_known():
    """A hundred minutes on each of 9 Mondays, of which the last is kept for review. One session may be missing."""
    goal = wish_of(minutes_a_week=100, days=frozenset({0}), exam=MONDAY + 63 * DAY, baseline_minutes=900)
    assert len(StudyWindow.of(goal, MONDAY).review_days()) == 1
    assert fits(900, 10, goal, MONDAY)
    assert not fits(901, 10, replace(goal, baseline_minutes=901), MONDAY)
    late = MONDAY + 7 * DAY
    assert fits(800, 10, goal, late)
    assert fits(809, 10, goal, late), "a unit of 10 minutes may be begun"
    assert fits(809, 10, goal, MONDAY + DAY), "the day after its Monday too"
    assert not fits(810, 10, goal, late)
    assert not fits(800, 10, replace(goal, away=((late, late),)), late)
    assert fits(0, 0, goal, goal.exam - DAY)
    assert fits(100, 1, goal, goal.exam - DAY)
    assert not fits(101, 1, goal, goal.exam - DAY)


def test_one_in_twenty_minutes_may_be_missing():
    """Ten minutes a day make 600 minutes in 60 days, less 7 days of review."""
    goal = wish_of(minutes_a_week=70, baseline_minutes=560)
    assert fits(530 + 27, 1, goal, MONDAY)
    assert not fits(530 + 28, 1, goal, MONDAY)


def test_what_is_no_leaf_of_today_counts_for_what_it_stands_for(course):
    found = course({"a": {"m": ["u", "v"]}}, renamed={"old": "a/m"}, retired=[])
    goal = wish_of(minutes_a_week=30, exam=MONDAY + 2 * DAY, days=frozenset(range(7)), baseline_minutes=20)
    learner = Learner(1, datetime(2027, 1, 1, tzinfo=UTC), [("old", LONG_AGO, LONG_AGO)])
    nobody = replace(learner, marks=[])
    far = replace(goal, exam=MONDAY + DAY, start=MONDAY + DAY)
    assert on_track(found, learner, far, MONDAY), "all is done"
    assert on_track(found, nobody, far, MONDAY) is False


def test_on_the_exams_day_there_is_nothing_to_be_on_track_of(courses):
    nobody = Learner(1, datetime(2027, 1, 1, tzinfo=UTC), [])
    for today in (MONDAY + 60 * DAY, MONDAY + 61 * DAY):
        assert on_track(courses["az-104"], nobody, wish_of(), today) is None


def test_a_date_that_would_do_is_found_for_a_plan_that_began_long_ago(courses):
    """It looks four years ahead, which are no four years from the beginning."""
    goal = wish_of(minutes_a_week=30, days=frozenset({0}), start=MONDAY - 900 * DAY, exam=MONDAY + 10 * DAY)
    for baseline in range(500, 6000, 250):
        found = courses["az-400"]
        made = plan(Progress(found, ()), replace(goal, baseline_minutes=baseline), MONDAY)
        assert made.standing is Standing.SHORT
        assert made.possible_on is None or made.possible_on > goal.exam
