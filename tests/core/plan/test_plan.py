"""Plans: what must hold of any course, any progress and any goal, and the days of which the answer is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.course.course import Course, Kind, Module, Path, Unit
from bot.core.course.progress import Progress, Tick
from bot.core.plan.plan import Standing, plan
from bot.core.plan.study_days import Goal, merged
from bot.errors import NotFound

DAY = timedelta(days=1)
MONDAY = date(2028, 2, 14)  # two weeks before a leap day
LONG_AGO = datetime(2028, 1, 1, tzinfo=UTC)
some = settings(max_examples=250, deadline=None)
DAILY = frozenset(range(7))


@st.composite
def courses_(draw):
    """Up to 3 paths of up to 3 modules of up to 4 units; some without units, some of those without minutes."""
    some_minutes = st.none() | st.integers(1, 200)
    paths = [
        Path(
            id=f"p{p}",
            title="P",
            minutes=draw(some_minutes),
            modules=tuple(
                Module(
                    id=f"m{m}",
                    title="M",
                    minutes=draw(some_minutes),
                    units=tuple(
                        Unit(id=f"u{u}", title="U", kind=Kind.READING, minutes=draw(st.integers(1, 90)))
                        for u in range(units)
                    ),
                )
                for m, units in enumerate(modules)
            ),
        )
        for p, modules in enumerate(draw(st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=3)))
    ]
    course = Course(code="T-1", title="T", overview="O", paths=tuple(paths))
    assume(course.minutes)
    return course


@st.composite
def cases(draw, *, fresh=False):
    """A course, what is done of it, a goal set with that done, and a day on which to look."""
    course = draw(courses_())
    done = draw(st.sets(st.sampled_from(sorted(course.leaves))))
    start = MONDAY + draw(st.integers(0, 9)) * DAY
    spans = st.tuples(st.integers(-5, 60), st.integers(0, 20))
    away = [(MONDAY + at * DAY, MONDAY + (at + more) * DAY) for at, more in draw(st.lists(spans, max_size=3))]
    goal = Goal(
        exam=MONDAY + draw(st.integers(0, 100)) * DAY,
        minutes_a_week=draw(st.integers(30, 300) | st.integers(30, 3600)),
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        start=start,
        baseline_minutes=sum(minutes for leaf, minutes in course.minutes_of.items() if leaf not in done),
        away=merged(away),
    )
    today = start - 9 * DAY if fresh else start + draw(st.integers(-9, 40)) * DAY
    more = set() if fresh else draw(st.sets(st.sampled_from(sorted(course.leaves)), max_size=5))
    ticks = [*ticked(done, LONG_AGO), *ticked(more - done, datetime.combine(today, time(draw(st.integers(0, 9))), UTC))]
    return Progress(course, ticks), goal, today


def ticked(leaves, moment):
    return [Tick(leaf, seconds(moment), seconds(moment)) for leaf in leaves]


def is_away(goal, day):
    return any(first <= day <= last for first, last in goal.away)


def quotas(goal):
    days = sorted(goal.days)
    each, odd = divmod(goal.minutes_a_week, len(days))
    return {day: each + (rank < odd) for rank, day in enumerate(days)}


def study_days(goal, first, before):
    days = (first + ahead * DAY for ahead in range((before - first).days))
    return [day for day in days if day.weekday() in goal.days and not is_away(goal, day)]


def finished_on(found):
    """For each leaf that the plan finishes, the day on which it does."""
    left_over = {node.route for node in found.left_over}
    days = {part.node.route: block.day for block in found.blocks for part in block.slices}
    return {route: day for route, day in days.items() if route not in left_over}


# --- What any plan is -------------------------------------------------------------------------------------------------


@some
@given(cases())
def test_all_that_is_left_is_covered_exactly_once_in_the_order_of_the_course(case):
    progress, goal, today = case
    found = plan(progress, goal, today)
    course = progress.course
    left = [leaf for leaf in course.leaves if not progress.is_done(course.nodes[leaf])]
    slices = [part for block in found.blocks for part in block.slices]
    planned = list(dict.fromkeys(part.node.route for part in slices))
    over = [node.route for node in found.left_over]
    assert planned + [route for route in over if route not in planned] == left
    assert len(set(planned) & set(over)) <= 1, "only the leaf at which time runs out is in both"
    given_to = {route: sum(part.minutes for part in slices if part.node.route == route) for route in planned}
    assert all(given_to[route] == course.minutes_of[route] for route in planned if route not in over)
    assert found.left == sum(course.minutes_of[leaf] for leaf in left) == sum(given_to.values()) + found.short
    assert sum(week.minutes for week in found.weeks) == sum(given_to.values())
    assert bool(found.short) <= bool(over)
    assert found.unmeasured == sum(not course.minutes_of[leaf] for leaf in left)


@some
@given(cases())
def test_study_days_hours_times_away_and_the_review_are_respected(case):
    progress, goal, today = case
    found = plan(progress, goal, today)
    quota = quotas(goal)
    longest = max(progress.course.minutes_of.values())
    free = study_days(goal, max(today, goal.start), goal.exam)
    days = [block.day for block in found.blocks]
    assert days == sorted(set(days))
    assert set(days) | set(found.review) <= set(free)
    assert not days or not found.review or days[-1] < found.review[0]
    assert list(found.review) == free[len(free) - len(found.review) :]
    assert found.review_minutes == sum(quota[day.weekday()] for day in found.review)
    for number, block in enumerate(found.blocks):
        begun = longest - 1 if block.day == free[0] else 0
        assert block.minutes <= quota[block.day.weekday()] + begun
        if 0 < number < len(days) - 1:
            assert block.minutes == quota[block.day.weekday()], "as soon as the hours allow"
    if found.left_over and found.left:
        assert set(free) - set(found.review) - {today} <= set(days), "no time is left where something is left over"


@some
@given(cases())
def test_the_review_is_the_same_whatever_the_day_and_the_progress(case):
    progress, goal, today = case
    days = len(study_days(goal, goal.start, goal.exam))
    whole = plan(progress, goal, goal.start).review
    late = len(study_days(goal, max(goal.start, goal.exam - 14 * DAY), goal.exam))
    assert len(whole) == min(round(0.15 * days + 1e-9), 7, late)
    assert plan(progress, goal, today).review == tuple(day for day in whole if day >= today)


@some
@given(cases())
def test_weeks_hold_the_blocks_and_leave_out_those_with_nothing_to_say(case):
    progress, goal, today = case
    found = plan(progress, goal, today)
    begin = max(today, goal.start)
    for week in found.weeks:
        assert begin <= week.first <= week.last < goal.exam
        assert week.first.isocalendar()[:2] == week.last.isocalendar()[:2]
        blocks = [block for block in found.blocks if week.first <= block.day <= week.last]
        assert sum(block.minutes for block in blocks) == week.minutes
        assert week.review == sum(week.first <= day <= week.last for day in found.review)
        days = [week.first + ahead * DAY for ahead in range((week.last - week.first).days + 1)]
        assert week.away == all(is_away(goal, day) for day in days)
        assert blocks or week.review or week.away
        modules = ["/".join(part.node.route.split("/")[:2]) for block in blocks for part in block.slices]
        assert [part.node.route for part in week.parts] == list(dict.fromkeys(modules))
    firsts = [week.first for week in found.weeks]
    assert firsts == sorted(set(firsts))
    assert all(any(week.first <= block.day <= week.last for week in found.weeks) for block in found.blocks)
    for first, last in goal.away:
        for day in (first + ahead * DAY for ahead in range((last - first).days + 1)):
            week = [day + (n - day.weekday()) * DAY for n in range(7)]
            inside = [each for each in week if begin <= each < goal.exam]
            if day in inside and all(is_away(goal, each) for each in inside):
                assert any(known.away and known.first == inside[0] for known in found.weeks)


@some
@given(cases())
def test_a_plan_is_the_same_as_long_as_nothing_changes(case):
    progress, goal, today = case
    again = Progress(progress.course, reversed(progress.ticks))
    assert plan(again, goal, today) == plan(progress, goal, today)


@settings(max_examples=100, deadline=None)
@given(cases(fresh=True), st.data())
def test_who_keeps_to_the_plan_sees_it_stay_as_it_was(case, data):
    """Each evening the units that were to be finished are ticked, one after the other: no day of any unit moves."""
    progress, goal, _ = case
    course, ticks = progress.course, list(progress.ticks)
    first = plan(progress, goal, goal.start)
    days = finished_on(first)
    for day in sorted(set(days.values()))[:12]:
        for leaf in [leaf for leaf, on in days.items() if on == day]:
            now = plan(Progress(course, ticks), goal, day)
            assert finished_on(now) == {leaf: on for leaf, on in days.items() if leaf not in {t.route for t in ticks}}
            assert (now.short, now.behind) == (first.short, 0)
            ticks += ticked([leaf], datetime.combine(day, time(20), UTC))
        later = data.draw(st.integers(0, 3))
        if not study_days(goal, day + DAY, day + (later + 1) * DAY):
            assert plan(Progress(course, ticks), goal, day + later * DAY).behind <= 0


# --- What would make it possible --------------------------------------------------------------------------------------


@some
@given(cases())
def test_what_is_proposed_would_do(case):
    progress, goal, today = case
    found = plan(progress, goal, today)
    short = found.short > found.tolerance
    assert found.tolerance == max(*quotas(goal).values(), found.left // 20)
    assert short or (found.needed_a_week, found.possible_on) == (None, None)
    set_today = replace(goal, start=max(today, goal.start), baseline_minutes=found.left)
    if found.needed_a_week:
        assert found.needed_a_week % 5 == 0
        assert 0 < found.more_a_week <= 3600 - goal.minutes_a_week
        for proposed in (goal, set_today):
            assert not plan(progress, replace(proposed, minutes_a_week=found.needed_a_week), today).left_over
    if short:
        assert found.possible_on > max(goal.exam, today)
        for proposed in (goal, set_today):
            assert not plan(progress, replace(proposed, exam=found.possible_on), today).left_over


@some
@given(cases(fresh=True))
def test_no_fewer_hours_and_no_earlier_date_would_do(case):
    progress, goal, today = case
    found = plan(progress, goal, today)
    if found.short <= found.tolerance:
        return
    assert plan(progress, replace(goal, exam=found.possible_on - DAY), today).left_over
    if found.needed_a_week and found.more_a_week > 5:
        assert plan(progress, replace(goal, minutes_a_week=found.needed_a_week - 5), today).left_over
    if found.needed_a_week is None and study_days(goal, goal.start, found.review[0] if found.review else goal.exam):
        assert plan(progress, replace(goal, minutes_a_week=3600), today).left_over


@pytest.fixture
def ten(course):
    """Ten units of an hour in two modules."""
    read = course({"a": {"m": [f"u{n}" for n in range(5)], "n": [f"u{n}" for n in range(5)]}})
    hours = tuple(
        replace(module, units=tuple(replace(unit, minutes=60) for unit in module.units))
        for module in read.paths[0].modules
    )
    return replace(read, paths=(replace(read.paths[0], modules=hours),))


def goal(exam, minutes=420, days=DAILY, **more):
    return Goal(**({"exam": exam, "minutes_a_week": minutes, "days": days, "start": MONDAY, "baseline_minutes": 600}
                   | more))  # fmt: skip


def after(course, units, day=MONDAY):
    return Progress(course, ticked(list(course.leaves)[:units], datetime.combine(day, time(12), UTC)))


def test_exams_that_are_near_over_or_far(ten):
    def look(days, minutes=420):
        return plan(after(ten, 0), goal(MONDAY + days * DAY, minutes), MONDAY)

    assert (look(0).standing, look(0).short, look(0).needed_a_week) == (Standing.TODAY, 600, None)
    assert look(0).possible_on == MONDAY + 12 * DAY, "ten days, and two of review"
    assert (look(-3).standing, look(-3).possible_on) == (Standing.PASSED, MONDAY + 12 * DAY)
    tomorrow = look(1)
    assert (tomorrow.standing, tomorrow.short, tomorrow.ends) == (Standing.SHORT, 540, MONDAY)
    assert tomorrow.needed_a_week is None, "600 minutes in one of seven days are 70 hours a week"
    assert look(9).standing == Standing.SHORT
    assert (look(11).standing, look(11).short) == (Standing.ON_TRACK, 60), "one session short"
    assert (look(12).standing, look(12).ends, len(look(12).review)) == (Standing.ON_TRACK, MONDAY + 9 * DAY, 2)
    far = look(3 * 366, 30)
    assert (far.standing, far.ends, len(far.review)) == (Standing.ON_TRACK, MONDAY + 139 * DAY, 7)
    assert look(2, 3600).blocks[0].minutes == 515
    assert plan(after(ten, 10), goal(MONDAY + 9 * DAY), MONDAY).standing == Standing.DONE
    assert plan(after(ten, 10), goal(MONDAY), MONDAY).standing == Standing.TODAY


def test_no_date_beyond_three_years_is_proposed(ten):
    away = ((MONDAY, MONDAY + 365 * DAY), (MONDAY + 367 * DAY, MONDAY + 732 * DAY))
    assert plan(after(ten, 0), goal(MONDAY + 5 * DAY, away=away), MONDAY).possible_on == MONDAY + 744 * DAY
    away = (*away, (MONDAY + 734 * DAY, MONDAY + 1099 * DAY))
    assert plan(after(ten, 0), goal(MONDAY + 5 * DAY, away=away), MONDAY).possible_on is None


def test_the_leap_day_is_a_day_like_any_other(ten):
    leap = date(2028, 2, 29)
    found = plan(after(ten, 0), goal(leap + 30 * DAY, start=leap - 2 * DAY), leap - 2 * DAY)
    assert [block.day for block in found.blocks[1:4]] == [leap - DAY, leap, leap + DAY]
    assert plan(after(ten, 0), goal(leap), leap).standing == Standing.TODAY


def test_study_goes_around_a_holiday(ten):
    away = ((MONDAY + 2 * DAY, MONDAY + 13 * DAY),)
    found = plan(after(ten, 0), goal(MONDAY + 60 * DAY, away=away), MONDAY)
    assert [(block.day - MONDAY).days for block in found.blocks] == [0, 1, *range(14, 22)]
    assert [(week.minutes, week.away) for week in found.weeks[:4]] == [
        (120, False),
        (0, True),
        (420, False),
        (60, False),
    ]


def test_a_week_of_which_only_an_absent_day_is_left_is_away(ten):
    sunday = MONDAY + 6 * DAY
    found = plan(after(ten, 0), goal(MONDAY + 30 * DAY, start=sunday, away=((sunday, sunday),)), sunday)
    assert [(week.first, week.last, week.minutes, week.away) for week in found.weeks[:2]] == [
        (sunday, sunday, 0, True),
        (sunday + DAY, sunday + 7 * DAY, 420, False),
    ]


def test_behind_while_it_still_fits_is_on_track(ten):
    found = plan(after(ten, 1), goal(MONDAY + 30 * DAY), MONDAY + 5 * DAY)
    assert (found.standing, found.behind, found.needed_a_week, found.possible_on) == (
        Standing.ON_TRACK,
        240,
        None,
        None,
    )


def test_behind_and_no_longer_possible_says_what_would_do(ten):
    """Twelve days for ten hours; three days later one hour is done, and seven study days are left for nine hours."""
    found = plan(after(ten, 1), goal(MONDAY + 12 * DAY), MONDAY + 3 * DAY)
    assert (found.standing, found.behind, found.short) == (Standing.SHORT, 120, 120)
    assert [node.id for node in found.left_over] == ["u3", "u4"]
    assert (found.needed_a_week, found.more_a_week, found.possible_on) == (540, 120, MONDAY + 14 * DAY)


def test_the_least_hours_and_what_today_has_left_are_told_exactly(ten):
    assert plan(after(ten, 0), goal(MONDAY + 12 * DAY, 355), MONDAY).needed_a_week == 420
    today = MONDAY + 3 * DAY
    assert plan(after(ten, 1, today), goal(MONDAY + 12 * DAY), today).needed_a_week == 600


def test_nothing_falls_due_in_the_review(ten):
    assert plan(after(ten, 0), goal(MONDAY + 5 * DAY), MONDAY + 7 * DAY).behind == 240


def test_ahead_is_what_goes_beyond_today(ten):
    found = [plan(after(ten, units), goal(MONDAY + 30 * DAY), MONDAY).behind for units in range(4)]
    assert found == [0, 0, -60, -120]


def test_less_than_the_unit_at_hand_is_not_behind(ten):
    look = [plan(after(ten, 0), goal(MONDAY + 99 * DAY, 210), MONDAY + days * DAY) for days in range(4)]
    assert [found.behind for found in look] == [0, 0, 60, 90]
    assert [found.blocks[0].minutes for found in look] == [30, 60, 30, 30], "the second evening can tick the whole unit"


def test_today_has_what_is_left_of_it_on_the_learners_clock(ten):
    late = datetime.combine(MONDAY, time(23), UTC)
    course, since = ten, goal(MONDAY + 30 * DAY, start=MONDAY - 9 * DAY, minutes=840, baseline_minutes=660)
    progress = Progress(course, ticked([next(iter(course.leaves))], late))
    assert plan(progress, since, MONDAY).now.minutes == 60
    assert plan(progress, since, MONDAY + DAY).now.minutes == 120
    assert plan(progress, since, MONDAY + DAY, timezone(timedelta(hours=2))).now.minutes == 60
    assert plan(progress, since, MONDAY).this_week.first == MONDAY


def test_what_is_done_on_a_day_off_finishes_what_was_begun(ten):
    since = goal(MONDAY + 300 * DAY, 60, frozenset((0, 2)))
    assert plan(after(ten, 0), since, MONDAY + DAY).blocks[0].minutes == 60
    assert plan(after(ten, 1, MONDAY + DAY), since, MONDAY + DAY).blocks[0].minutes == 30


def test_what_was_done_before_the_plan_was_set_takes_nothing_from_today(ten):
    found = plan(after(ten, 2), goal(MONDAY + 30 * DAY, baseline_minutes=480), MONDAY)
    assert (found.now.minutes, found.behind) == (60, 0)


def test_a_course_of_no_minutes_cannot_be_planned(course):
    read = course({"a": {"m": []}})
    bare = replace(read, paths=(Path(id="a", title="A"),))
    with pytest.raises(NotFound, match="T-1 has no time estimates"):
        plan(Progress(bare, []), goal(MONDAY + DAY), MONDAY)


@pytest.mark.parametrize("minutes", [30, 240, 3600])
@pytest.mark.parametrize("name", ["az-104", "az-400", "az-900", "dp-900"])
def test_every_course_at_every_pace(courses, name, minutes):
    course = courses[name]
    said = goal(MONDAY + 3 * 365 * DAY, minutes, frozenset((5, 6)), baseline_minutes=course.minutes)
    found = plan(Progress(course, []), said, MONDAY)
    assert found.standing == Standing.ON_TRACK
    weeks = -(-course.minutes // minutes)
    assert found.ends in (MONDAY + (7 * weeks - 2) * DAY, MONDAY + (7 * weeks - 1) * DAY)
