"""The digest of a week, from what the members completed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import EXAMS_SOON, EXAMS_WITHIN, NAMED, Total
from bot.core.cohort.highlight import Reason
from bot.core.cohort.members import BACKDATED, PAUSE
from bot.core.cohort.week import Week
from bot.study.plan_settings import PlanSettings
from tests.conftest import complete_visibly
from tests.databases import query
from tests.digest.weeks import (
    DAY,
    HOUR,
    LONG_AGO,
    SINCE,
    UNTIL,
    WEEK,
    as_stored,
    digest_of,
    member,
    ticks,
    week_of,
)

MONDAY = date(2026, 11, 23)
EVERY = ("a/m/u", "a/m/v", "a/n/u", "a/n/v", "b/m/u", "b/m/v", "b/n/u", "b/n/v")
PATH_A = EVERY[:4]
quickly = settings(deadline=None, max_examples=100)


def person_of(course, *marks):
    """What the only learner completed."""
    people = digest_of(course, member(1, *marks)).people
    return people[0] if people else None


def counts(person):
    """Paths, modules outside of them, units in all and outside of both."""
    return [path.id for path in person.paths], [each.route for each in person.modules], person.units, person.rest


def shares_of(digest):
    return {share.path.id: (share.now, share.before) for share in digest.shares}


# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_an_empty_cohort(small):
    it = digest_of(small)
    assert (it.members, it.people, it.total, it.named, it.highlight) == (0, (), Total(), frozenset(), None)
    assert it.quiet
    assert it.last_week is None
    assert shares_of(it) == {"a": (0, 0), "b": (0, 0)}
    assert (it.focus, it.focus_members) == (None, 0)
    assert it.suggestion.route == "a/m"


def test_a_cohort_of_one(small):
    it = digest_of(small, member(5, ticks("a/m/u", "a/m/v")))
    assert (it.members, it.total) == (1, Total(2, 20))
    assert not it.quiet
    (person,) = it.people
    assert counts(person) == ([], ["a/m"], 2, 0)
    assert (person.id, person.minutes) == (5, 20)
    assert shares_of(it) == {"a": (50, 0), "b": (0, 0)}
    assert it.named == {5}


def test_a_cohort_of_500_counts_everybody_and_names_one(small):
    everybody = [
        member(number, ticks(EVERY[number % 8], made=SINCE + number * HOUR / 4), joined=SINCE - (number + 1) * HOUR)
        for number in range(500)
    ]
    it = digest_of(small, *everybody)
    assert (it.members, len(it.people), it.total) == (500, 500, Total(500, 5000))
    assert shares_of(it) == {"a": (13, 0), "b": (12, 0)}
    assert it.named == {499}, "who joined first"
    assert it.focus_members == 126


def test_the_order_of_members_does_not_matter(small):
    everybody = [member(number, ticks(*EVERY[: number % 8])) for number in range(40)]
    assert digest_of(small, *everybody) == digest_of(small, *reversed(everybody))


# --- The week before --------------------------------------------------------------------------------------------------


@quickly
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(EVERY), st.integers(0, 4 * 7 * 24)), unique_by=lambda mark: mark[0]),
        max_size=5,
    )
)
def test_a_digest_compares_with_what_the_last_one_said(small, cohort):
    start = SINCE - 2 * WEEK
    everybody = [
        member(number, *[ticks(route, made=start + hours * HOUR) for route, hours in marks])
        for number, marks in enumerate(cohort)
    ]
    weeks = [
        digest_of(small, *everybody, since=start + number * WEEK, until=start + (number + 1) * WEEK)
        for number in range(5)
    ]
    for last, following in pairwise(weeks):
        assert following.last_week == (last.total if cohort else None)


def test_in_the_first_week_of_a_group_there_is_nothing_to_compare_with(small):
    new = member(1, ticks("a/m/u"), joined=SINCE)
    assert digest_of(small, new).last_week is None
    assert digest_of(small, new, member(2)).last_week == Total()


def test_what_a_new_member_completed_before_joining_is_not_last_weeks(small):
    new = member(1, ticks("a/m/u", made=SINCE - DAY), ticks("a/m/v"), joined=SINCE)
    old = member(2, ticks("a/m/u", made=SINCE - DAY))
    assert digest_of(small, new, old).last_week == Total(1, 10)


def test_backdated_units_are_in_no_weeks_total(small):
    marks = ticks("a/m/u", made=SINCE - DAY, done=LONG_AGO), ticks("a/m/v", made=SINCE - DAY)
    assert digest_of(small, member(1, *marks)).last_week == Total(1, 10)


def test_a_course_with_unknown_minutes_is_compared_by_units(course):
    bare = [{"id": "x", "title": "X", "modules": [{"id": name, "title": name} for name in "abcd"]}]
    made = course({}, paths=bare)
    it = digest_of(made, member(1, ticks("x/a", made=SINCE - DAY), ticks("x/b", "x/c")))
    assert not it.timed
    assert (it.total.units, it.last_week.units) == (2, 1)


@pytest.mark.parametrize(
    ("until", "zone", "first", "last"),
    [
        ("2026-11-23T09:00", "UTC", "2026-11-16", "2026-11-22"),
        ("2026-11-22T18:00", "UTC", "2026-11-16", "2026-11-22"),
        ("2026-11-23T00:00", "UTC", "2026-11-16", "2026-11-22"),
        ("2026-11-22T23:59", "UTC", "2026-11-16", "2026-11-22"),
        ("2026-11-23T03:00", "Asia/Tokyo", "2026-11-17", "2026-11-23"),
        ("2026-11-23T09:00", "America/Los_Angeles", "2026-11-16", "2026-11-22"),
    ],
)
def test_a_week_has_seven_dates(until, zone, first, last):
    """A digest of Monday at 9 is about Monday to Sunday; one of Sunday evening too."""
    end = datetime.fromisoformat(until).replace(tzinfo=UTC)
    week = Week.ending(end, end - WEEK, end - 2 * WEEK, ZoneInfo(zone))
    assert (week.first.isoformat(), week.last.isoformat()) == (first, last)
    assert week.today == end.astimezone(ZoneInfo(zone)).date()


# --- Who did what -----------------------------------------------------------------------------------------------------


@quickly
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=40))
def test_people_are_listed_in_the_order_of_joining(small, cohort):
    """Members are not ranked."""
    everybody = [
        member(number, ticks(*EVERY[:count]), joined=LONG_AGO + days * DAY)
        for number, (days, count) in enumerate(cohort)
    ]
    joined = {one.id: (one.joined, one.id) for one in everybody}
    order = [person.id for person in digest_of(small, *everybody).people]
    assert order == sorted(order, key=joined.__getitem__)
    assert len(order) == len(cohort)


def test_a_path_is_named_in_the_week_of_its_last_unit(small):
    before = ticks(*PATH_A[:3], made=SINCE - DAY)
    assert counts(person_of(small, before, ticks("a/n/v"))) == (["a"], [], 1, 0)


def test_an_incomplete_path_is_not_named(small):
    assert counts(person_of(small, ticks(*PATH_A[:3]))) == ([], ["a/m"], 3, 1)


def test_a_path_of_an_earlier_week_is_not_named_again(small):
    assert counts(person_of(small, ticks(*PATH_A, made=SINCE - DAY), ticks("b/m/u"))) == ([], [], 1, 1)


def test_every_module_that_was_completed_this_week_counts(small):
    person = person_of(small, ticks("a/m/u", made=SINCE - DAY), ticks("a/m/v", "b/m/u", "b/m/v", "b/n/u"))
    assert counts(person) == ([], ["a/m", "b/m"], 4, 1)
    assert person.minutes == 40
    assert person.working_on.route == "b/n"


def test_modules_of_a_completed_path_are_not_named_again(small):
    person = person_of(small, ticks(*PATH_A, "b/m/u", "b/m/v", "b/n/u"))
    assert counts(person) == (["a"], ["b/m"], 7, 1)


def test_inactive_members_are_not_listed(small):
    it = digest_of(small, member(1), member(2, ticks("a/m/u", made=SINCE - DAY)), member(3, ticks("a/m/u")))
    assert [person.id for person in it.people] == [3]
    assert it.members == 3
    assert it.named == {3}


@pytest.mark.parametrize(
    ("made", "counts"),
    [
        (SINCE - timedelta(seconds=1), False),
        (SINCE, True),
        (UNTIL - timedelta(seconds=1), True),
        (UNTIL, False),
        (UNTIL + DAY, False),
    ],
)
def test_the_week_includes_its_start_and_excludes_its_end(small, made, counts):
    assert bool(person_of(small, ticks("a/m/u", made=made))) is counts


def test_ticks_after_the_slot_belong_to_the_next_digest(small):
    """A late digest has the same content as one in time."""
    marks = [ticks("a/m/u"), ticks("a/m/v", made=UNTIL + HOUR)]
    assert digest_of(small, member(1, *marks)) == digest_of(small, member(1, marks[0]))
    following = digest_of(small, member(1, *marks), since=UNTIL, until=UNTIL + WEEK)
    assert counts(following.people[0]) == ([], ["a/m"], 1, 0)


@quickly
@given(st.lists(st.tuples(st.sampled_from(EVERY), st.integers(0, 5 * 7 * 24)), unique_by=lambda mark: mark[0]))
def test_each_tick_counts_in_exactly_one_week(small, marks):
    """Weeks have no gaps and don't overlap."""
    start = SINCE - 2 * WEEK
    everything = [ticks(route, made=start + hours * HOUR) for route, hours in marks]
    weeks = [
        digest_of(small, member(1, *everything), since=start + number * WEEK, until=start + (number + 1) * WEEK)
        for number in range(6)
    ]
    assert sum(week.total.units for week in weeks) == len(marks)
    named = [path.id for week in weeks for person in week.people for path in person.paths]
    assert sorted(named) == [path.id for path in small.paths if {route for route, _ in marks}.issuperset(path.leaves)]
    modules = [module for path in small.paths for module in path.modules]
    completed = {each.route for each in modules if {route for route, _ in marks}.issuperset(each.leaves)}
    told = [module.route for week in weeks for person in week.people for module in person.modules]
    assert len(told) == len(set(told)), "each once"
    assert completed == {*told, *(f"{path}/{name}" for path in named for name in "mn")}


@pytest.mark.parametrize(
    ("done", "expected"),
    [(SINCE - BACKDATED, True), (SINCE - BACKDATED - timedelta(seconds=1), False), (LONG_AGO, False)],
)
def test_backdated_units_do_not_count_this_week(small, done, expected):
    person = person_of(small, ticks(*PATH_A, done=done))
    assert bool(person) is expected
    it = digest_of(small, member(1, ticks(*PATH_A, done=done)))
    assert shares_of(it)["a"] == (100, 0), "but the group's share includes it"


def test_backdated_ticks_are_ignored_next_to_new_ones(small):
    person = person_of(small, ticks(*PATH_A, done=LONG_AGO), ticks("b/m/u", "b/m/v"))
    assert counts(person) == ([], ["b/m"], 2, 0)


def test_a_path_counts_if_only_its_last_unit_is_new(small):
    person = person_of(small, ticks(*PATH_A[:3], done=LONG_AGO), ticks("a/n/v"))
    assert [path.id for path in person.paths] == ["a"]


# --- The group --------------------------------------------------------------------------------------------------------


@quickly
@given(
    st.lists(st.lists(st.tuples(st.sampled_from(EVERY), st.booleans()), unique_by=lambda mark: mark[0]), max_size=30)
)
def test_shares_are_means_and_100_only_if_all_are_done(small, cohort):
    everybody = [
        member(number, *[ticks(route, made=SINCE - HOUR if old else SINCE + HOUR) for route, old in marks])
        for number, marks in enumerate(cohort)
    ]
    for share in digest_of(small, *everybody).shares:
        done = [[route in share.path.leaves for route, _ in marks].count(True) for marks in cohort]
        whole = 4 * len(cohort)
        assert 0 <= share.before <= share.now <= 100, "stored ticks are not lost"
        assert (share.now == 0) is (sum(done) == 0)
        assert (share.now == 100) is bool(whole and sum(done) == whole)
        if whole:
            assert abs(share.now - 100 * sum(done) / whole) <= 1


@pytest.mark.parametrize(("units", "of", "percent"), [(1, 500, 1), (1999, 500, 99), (2000, 500, 100), (0, 500, 0)])
def test_a_share_is_not_rounded_to_0_or_100(small, units, of, percent):
    everybody = [member(number, ticks(*PATH_A[: max(0, min(4, units - 4 * number))])) for number in range(of)]
    assert shares_of(digest_of(small, *everybody))["a"] == (percent, 0)


def test_a_share_changes_by_this_weeks_ticks(small):
    it = digest_of(small, member(1, ticks("a/m/u", made=SINCE - DAY), ticks("a/m/v", "a/n/u")), member(2))
    assert shares_of(it) == {"a": (38, 12), "b": (0, 0)}


def test_a_share_is_by_minutes(course):
    long = [
        {"id": "x", "title": "X", "modules": [
            {"id": "m", "title": "M", "units": [
                {"id": "u", "title": "U", "kind": "reading", "minutes": 90},
                {"id": "v", "title": "V", "kind": "reading", "minutes": 10}]}]}]  # fmt: skip
    assert shares_of(digest_of(course({}, paths=long), member(1, ticks("x/m/u")))) == {"x": (90, 0)}


def test_the_share_of_a_path_without_known_minutes_counts_its_modules(course):
    bare = [{"id": "x", "title": "X", "modules": [{"id": name, "title": name} for name in "abcd"]}]
    assert shares_of(digest_of(course({}, paths=bare), member(1, ticks("x/a")))) == {"x": (25, 0)}


def test_a_tick_on_a_whole_module_of_an_earlier_course_counts_as_its_units(course):
    new = course({"a": {"new": ["u", "v"]}}, renamed={"a/old": "a/new"})
    it = digest_of(new, member(1, ticks("a/old")))
    assert counts(it.people[0]) == (["a"], [], 2, 0)
    assert shares_of(it) == {"a": (100, 0)}


def test_ticks_on_removed_units_are_ignored(small):
    it = digest_of(small, member(1, ticks("gone/for/good", "a/m/gone")))
    assert it.quiet
    assert it.suggestion.route == "a/m"


# --- People -----------------------------------------------------------------------------------------------------------


def test_new_members_are_welcomed(small):
    moments = (SINCE - timedelta(seconds=1), SINCE, UNTIL - timedelta(seconds=1), UNTIL)
    it = digest_of(small, *(member(number, joined=joined) for number, joined in enumerate(moments)))
    assert it.joined == (1, 2)


@pytest.mark.parametrize(("pause", "returned"), [(PAUSE, (1,)), (PAUSE - timedelta(seconds=1), ()), (5 * PAUSE, (1,))])
def test_returning_members_are_greeted(small, pause, returned):
    marks = [ticks("a/m/u", made=SINCE - 9 * PAUSE), ticks("a/m/v", made=SINCE - pause), ticks("a/n/u")]
    assert digest_of(small, member(1, *marks)).returned == returned


def test_a_first_tick_is_not_a_return(small):
    assert digest_of(small, member(1, ticks("a/m/u"), joined=LONG_AGO)).returned == ()


def test_absent_members_are_not_mentioned(small):
    it = digest_of(small, member(1, ticks("a/m/u", made=SINCE - 2 * PAUSE)), member(2, ticks("a/m/u")))
    assert it.returned == ()
    assert it.named == {2}


def test_exam_dates_within_four_weeks_soonest_first(small):
    last = MONDAY
    days = {1: 28, 2: 0, 3: 29, 4: -1, 5: 14, 6: 7, 7: None}
    it = digest_of(small, *(member(n, exam_on=None if day is None else last + day * DAY) for n, day in days.items()))
    assert it.week.today == last
    assert (timedelta(days=7), timedelta(days=28)) == (EXAMS_SOON, EXAMS_WITHIN)
    assert it.exams == ((2, last), (6, last + 7 * DAY), (5, last + 14 * DAY), (1, last + 28 * DAY))
    assert it.named == {2, 6}, "those of the coming week"


def test_members_with_days_off_are_counted_and_not_named(small):
    it = digest_of(small, member(1, away=True), member(2, away=True), member(3))
    assert it.away == 2
    assert it.named == frozenset()


def test_someone_with_days_off_who_studied_is_not_counted_as_away(small):
    it = digest_of(small, member(1, ticks("a/m/u"), away=True), member(2, away=True))
    assert (it.away, [person.id for person in it.people]) == (1, [1])


@quickly
@given(st.integers(0, 60))
def test_few_names_per_line(small, count):
    everybody = [
        member(number, ticks("a/m/u", made=SINCE - 2 * PAUSE), ticks("a/m/v"), joined=SINCE, exam_on=MONDAY)
        for number in range(count)
    ]
    it = digest_of(small, *everybody)
    assert [len(it.joined), len(it.returned), len(it.exams), len(it.people)] == [count] * 4, "all of them are counted"
    assert len(it.named) == min(count, NAMED)


# --- Who is named first -----------------------------------------------------------------------------------------------


def chosen(small, *members, **week):
    found = digest_of(small, *members, **week).highlight
    return (found.person.id, found.reason) if found else None


RETURN = ticks("a/m/u", made=SINCE - PAUSE), ticks("a/n/u")


def test_the_best_reason_comes_first(small):
    units, days = member(1, ticks("a/m/u")), member(2, ticks("a/m/u"), studied=4)
    returned, module, path = member(3, *RETURN), member(4, ticks("b/m/u", "b/m/v")), member(5, ticks(*PATH_A))
    assert chosen(small, units, days, returned, module, path) == (5, Reason.PATH)
    assert chosen(small, units, days, returned, module) == (4, Reason.MODULE)
    assert chosen(small, units, days, returned) == (3, Reason.RETURNED)
    assert chosen(small, units, days) == (2, Reason.DAYS)
    assert chosen(small, units) == (1, Reason.UNITS)
    assert chosen(small, member(1), member(2, studied=7)) is None, "nothing was completed"


def test_whoever_studied_on_most_days(small):
    members = [member(number, ticks("a/m/u"), studied=days) for number, days in ((1, 3), (2, 5), (3, 4))]
    assert chosen(small, *members) == (2, Reason.DAYS)


def test_nobody_is_named_first_twice_in_a_row_if_there_is_anyone_else(small):
    last = seconds(SINCE)
    path, module = member(1, ticks(*PATH_A), highlighted=last), member(2, ticks("b/m/u", "b/m/v"))
    assert chosen(small, path, module) == (2, Reason.MODULE)
    assert chosen(small, path) == (1, Reason.PATH)
    assert chosen(small, path, member(2)) == (1, Reason.PATH), "the other one completed nothing"


def test_members_with_the_same_reason_take_turns(small):
    """Ten weeks in which three members complete a path each."""
    named = dict.fromkeys((1, 2, 3), 0)
    turns = []
    for number in range(10):
        week = {"since": SINCE + number * WEEK, "until": UNTIL + number * WEEK}
        made = week["since"] + DAY
        members = [member(each, ticks(*PATH_A, made=made), highlighted=named[each]) for each in named]
        learner, _ = chosen(small, *members, **week)
        named[learner] = seconds(week["until"])
        turns.append(learner)
    assert turns == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]


def test_building_the_same_week_again_names_the_same_member(small):
    first, second = member(1, ticks(*PATH_A)), member(2, ticks(*PATH_A), highlighted=seconds(UNTIL))
    assert chosen(small, first, second) == (2, Reason.PATH)


# --- What to do next --------------------------------------------------------------------------------------------------


def test_the_focus_is_the_module_that_most_are_working_on(small):
    it = digest_of(
        small,
        member(1, ticks("a/m/u", "a/m/v", "a/n/u")),
        member(2, ticks("a/n/u")),
        member(3, ticks("a/m/u")),
        member(4, ticks("b/m/u", made=SINCE - DAY)),
    )
    assert (it.focus.route, it.focus_members) == ("a/n", 2), "this week"


def test_a_module_that_someone_completed_is_not_what_they_are_working_on(small):
    it = digest_of(small, member(1, ticks("a/m/u", "a/m/v")), member(2, ticks("a/m/u", "a/m/v", "b/n/u")))
    assert (it.focus.route, it.focus_members) == ("b/n", 1)
    assert digest_of(small, member(1, ticks("a/m/u", "a/m/v"))).focus is None


def test_a_module_that_was_renamed_is_the_focus_under_its_new_name(small):
    renamed = replace(small, renamed={"old": "a", "b/old": "b/m"})
    assert digest_of(renamed, member(1, ticks("old/m/u"))).focus.route == "a/m"
    assert digest_of(renamed, member(1, ticks("b/old/u"))).focus.route == "b/m"


def test_the_suggestion_is_the_module_after_the_focus(small):
    it = digest_of(small, member(1, ticks("a/n/u")), member(2, ticks("a/n/u")))
    assert (it.focus.route, it.suggestion.route) == ("a/n", "b/m"), "not the one that they are told they work on"


def test_modules_that_most_have_completed_are_not_suggested(small):
    half = [member(1, ticks("a/m/u", "a/m/v")), member(2)]
    assert digest_of(small, *half).suggestion.route == "a/m"
    assert digest_of(small, *half, member(3, ticks("a/m/u", "a/m/v"))).suggestion.route == "a/n"


def test_without_anything_else_what_some_have_not_completed_is_suggested(small):
    done = [member(number, ticks(*EVERY)) for number in (1, 2)]
    assert digest_of(small, *done, member(3, ticks(*EVERY[:-1]))).suggestion.route == "b/n"


def test_no_suggestion_for_a_completed_course(small):
    it = digest_of(small, member(1, ticks(*EVERY)))
    assert (it.focus, it.suggestion) == (None, None)
    assert [path.id for path in it.people[0].paths] == ["a", "b"]


def test_a_course_without_modules_suggests_a_path(course):
    bare = [{"id": name, "title": name, "minutes": 5} for name in "xyz"]
    it = digest_of(course({}, paths=bare), member(1, ticks("x")))
    assert (it.suggestion.route, counts(it.people[0])) == ("y", (["x"], [], 1, 0))


@quickly
@given(st.lists(st.sets(st.sampled_from(EVERY)), min_size=1, max_size=12))
@example([set(EVERY[:-1])] * 2)
def test_the_suggestion_is_not_completed_by_everyone(small, cohort):
    it = digest_of(small, *(member(number, ticks(*sorted(done))) for number, done in enumerate(cohort)))
    done_by_all = set.intersection(*cohort)
    worked_on = set(it.focus.leaves) if it.focus and it.focus_members > 1 else set()
    assert (it.suggestion is None) is (done_by_all | worked_on == set(EVERY))
    if it.suggestion:
        assert not done_by_all.issuperset(it.suggestion.leaves)
        assert it.suggestion is not it.focus or it.focus_members < 2
    if it.focus:
        assert not done_by_all.issuperset(it.focus.leaves)


# --- Through the store ------------------------------------------------------------------------------------------------


async def store_learners(store, small, now):
    """Return the learners that the store returns for the digest."""
    until = now + timedelta(seconds=1)
    members = await store.digests.members(700, small.id, week_of(until - timedelta(days=7), until))
    return {one.id: one for one in members.learners}, members.gone


MOMENTS = st.integers(-4 * 7 * 24, 24).map(lambda hours: UNTIL + hours * HOUR)


RECORDED = st.tuples(st.sampled_from(EVERY), MOMENTS, st.integers(0, 30), st.booleans())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(RECORDED, unique_by=lambda mark: mark[0]), min_size=1, max_size=4))
async def test_the_store_sorts_what_was_recorded_by_weeks(path, store, small, cohort):
    members = []
    for table in ("tick", "member"):
        query(path, f"delete from {table}")
    for number, marks in enumerate(cohort, 1):
        recorded = [
            ticks(route, made=at - timedelta(seconds=early), done=at - timedelta(seconds=early) - days * DAY)
            for route, at, days, early in marks
        ]
        members.append(member(number, *recorded))
        joined = "insert into member (server_id, course, learner_id, joined_at) values (700, 't-1', ?, ?)"
        query(path, joined, number, seconds(LONG_AGO))
        for route, done, made in members[-1].marks:
            query(
                path,
                "insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)"
                " values (?, 't-1', ?, ?, ?, 700, 1)",
                number,
                route,
                done,
                made,
            )
    found = (await store.digests.members(700, small.id, week_of())).learners
    assert len(found) == len(members)
    for learner, given_member in zip(sorted(found, key=lambda each: each.id), members, strict=True):
        expected = as_stored(given_member, week_of())
        for name in ("earlier", "last_week", "this_week", "other"):
            assert sorted(getattr(learner, name)) == sorted(getattr(expected, name)), name
        assert (learner.last, learner.joined_at) == (expected.last, LONG_AGO)


async def test_members_come_with_their_units_and_shared_exam(small_study, small, store, clock, asker):
    clock.moment = clock.now().replace(hour=18)
    await complete_visibly(small_study, asker(1), small.nodes["a/m/u"])
    await complete_visibly(small_study, asker(2), small.nodes["b"], date(2026, 11, 1))
    await small_study.plans.set(1, small, PlanSettings(date(2026, 12, 18), shared=True))
    await small_study.plans.set(2, small, PlanSettings(date(2026, 12, 18)))
    learners, gone = await store_learners(store, small, clock.now())
    assert set(learners) == {1, 2}
    assert gone == frozenset()
    assert learners[1].this_week == ["a/m/u"]
    assert sorted((*learners[2].this_week, *learners[2].other)) == sorted(EVERY[4:])
    assert learners[1].joined_at == clock.now()
    assert (learners[1].exam_on, learners[2].exam_on) == (date(2026, 12, 18), None)
    assert (learners[1].study_days, learners[1].studied) == (1, 1)


async def test_undone_ticks_are_not_counted(small_study, small, store, clock, asker):
    await complete_visibly(small_study, asker(1), small.nodes["a"])
    await small_study.progress.undo(asker(1))
    learners, _ = await store_learners(store, small, clock.now())
    assert not learners[1].this_week
    assert not learners[1].other


async def test_hidden_and_former_members_are_excluded(small_study, small, store, clock, asker):
    for number in (1, 2, 3):
        await complete_visibly(small_study, asker(number), small.nodes["a/m/u"])
    await small_study.privacy.set_visibility(1, hidden=True)
    await small_study.privacy.leave(2, 700)
    learners, _ = await store_learners(store, small, clock.now())
    assert set(learners) == {3}
    await small_study.privacy.set_visibility(1, hidden=False)
    await small_study.privacy.rejoin(2, 700)
    assert set((await store_learners(store, small, clock.now()))[0]) == {1, 2, 3}


async def test_only_members_of_this_cohort_are_included(small_study, small, store, clock, asker):
    await complete_visibly(small_study, asker(1), small.nodes["a/m/u"])
    await complete_visibly(small_study, asker(2, server=701), small.nodes["a/m/u"])
    await small_study.progress.complete(asker(3, server=None), small.nodes["a/m/u"])
    assert set((await store_learners(store, small, clock.now()))[0]) == {1}


@pytest.mark.parametrize(
    ("first", "last", "away"), [(0, 0, True), (-3, 0, True), (0, 5, True), (-3, -1, False), (1, 4, False)]
)
async def test_members_with_days_off_when_the_week_ends_are_away(
    path, small_study, small, store, clock, asker, first, last, away
):
    await complete_visibly(small_study, asker(1), small.nodes["a/m/u"])
    today = clock.now().date()
    days = ((today + days * DAY).isoformat() for days in (first, last))
    query(path, "insert into away (learner_id, first_on, last_on) values (1, ?, ?)", *days)
    clock.move(seconds=-1)
    assert (await store_learners(store, small, clock.now()))[0][1].away is away


async def test_the_weekly_digest_records_whom_it_names_first(
    small_study, small, store, process, set_up, clock, asker, rows
):
    for number in (1, 2):
        await complete_visibly(small_study, asker(number), small.nodes["a"])
    cohort = await set_up(process)
    preview = await process.digests.preview(cohort, process.messenger, 1)
    assert preview.digest.highlight.person.id == 1
    assert rows("select highlighted_at from member") == [(None,), (None,)], "a preview takes no turn"
    clock.moment = cohort.due
    await process.tick()
    assert [each.content.digest.highlight.person.id for each in process.messenger.chat.sent(700)] == [1]
    assert rows("select learner_id, highlighted_at from member order by 1") == [(1, seconds(cohort.due)), (2, None)]
    for number in (1, 2):
        await complete_visibly(small_study, asker(number), small.nodes["b"])
    clock.moment = cohort.due + WEEK
    await process.tick()
    assert [each.content.digest.highlight.person.id for each in process.messenger.chat.sent(700)] == [1, 2]


async def test_members_who_left_the_server_are_excluded_until_they_return(
    small_study, small, store, process, chat, set_up, clock, asker
):
    """They are detected when the digest is built. Their ticks are kept."""
    for number in (1, 2, 3):
        await complete_visibly(small_study, asker(number), small.nodes["a/m/u"])
    cohort = await set_up(process)
    chat.members = {1: "Ada", 2: None, 3: "Cleo"}
    edition = await process.digests.preview(cohort, process.messenger, 1)
    assert (edition.digest.members, edition.digest.named, edition.names) == (2, {1, 3}, {1: "Ada", 3: "Cleo"})
    chat.members = {1: "Ada", 3: "Cleo"}
    process.messenger.roster = nobody_found_out
    assert (await process.digests.preview(cohort, process.messenger, 2)).digest.named == {1, 3}
    del process.messenger.roster
    chat.members = {1: "Ada", 2: "Bruno", 3: None}
    edition = await process.digests.preview(cohort, process.messenger, 3)
    assert (edition.digest.named, edition.names) == ({1, 2}, {1: "Ada", 2: "Bruno"})


async def nobody_found_out(server, learners):
    return {}
