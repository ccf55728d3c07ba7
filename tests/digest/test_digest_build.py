"""The digest of a week, from the ticks of the members."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cohort.digest import BACKDATED, EXAMS_WITHIN, NAMED, PAUSE, Learner, build
from bot.study.plan_settings import PlanSettings

SINCE, UNTIL = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = UNTIL - SINCE
MONDAY = date(2026, 11, 23)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY = ("a/m/u", "a/m/v", "a/n/u", "a/n/v", "b/m/u", "b/m/v", "b/n/u", "b/n/v")
PATH_A = EVERY[:4]
quickly = settings(deadline=None, max_examples=100)


def ticks(*routes, made=SINCE + DAY, done=None):
    """Ticks recorded at ``made`` and done at the same time, or at ``done``."""
    return [(route, int((done or made).timestamp()), int(made.timestamp())) for route in routes]


def learner(number=1, *marks, joined=LONG_AGO, **more):
    return Learner(number, joined, [mark for some in marks for mark in some], **more)


def digest_of(course, *learners, since=SINCE, until=UNTIL):
    first, last = since.date(), (until - timedelta(seconds=1)).date()
    return build(course, learners, since=since, until=until, first=first, last=last)


def person_of(course, *marks):
    """What the only learner completed."""
    people = digest_of(course, learner(1, *marks)).people
    return people[0] if people else None


def shares_of(digest):
    return {share.path.id: (share.now, share.before) for share in digest.shares}


# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_an_empty_cohort(small):
    it = digest_of(small)
    assert (it.members, it.active, it.units, it.minutes, it.people, it.named) == (0, 0, 0, 0, (), frozenset())
    assert it.quiet
    assert shares_of(it) == {"a": (0, 0), "b": (0, 0)}
    assert (it.focus, it.focus_members) == (None, 0)
    assert it.suggestion.route == "a/m/u"


def test_a_cohort_of_one(small):
    it = digest_of(small, learner(5, ticks("a/m/u", "a/m/v")))
    assert (it.members, it.active, it.units, it.minutes) == (1, 1, 2, 20)
    assert not it.quiet
    assert [(one.id, one.paths, one.modules, one.units, one.minutes) for one in it.people] == [(5, (), 1, 2, 20)]
    assert shares_of(it) == {"a": (50, 0), "b": (0, 0)}
    assert it.named == {5}


def test_a_cohort_of_500_counts_everybody_and_names_a_few(small):
    everybody = [
        learner(number, ticks(EVERY[number % 8], made=SINCE + number * HOUR / 4), joined=SINCE - (number + 1) * HOUR)
        for number in range(500)
    ]
    it = digest_of(small, *everybody)
    assert (it.members, it.active, it.units, it.minutes) == (500, 500, 500, 5000)
    assert shares_of(it) == {"a": (13, 0), "b": (12, 0)}
    assert len(it.people) == 500
    assert len(it.named) == NAMED
    assert it.focus_members == 126


def test_the_order_of_members_does_not_matter(small):
    everybody = [learner(number, ticks(*EVERY[: number % 8])) for number in range(40)]
    assert digest_of(small, *everybody) == digest_of(small, *reversed(everybody))


# --- Who did what -----------------------------------------------------------------------------------------------------


@quickly
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=40))
def test_people_are_listed_in_the_order_of_joining(small, cohort):
    """Members are not ranked."""
    everybody = [
        learner(number, ticks(*EVERY[:count]), joined=LONG_AGO + days * DAY)
        for number, (days, count) in enumerate(cohort)
    ]
    joined = {one.id: (one.joined_at, one.id) for one in everybody}
    order = [person.id for person in digest_of(small, *everybody).people]
    assert order == sorted(order, key=joined.__getitem__)
    assert len(order) == len(cohort)


def test_a_path_is_named_in_the_week_of_its_last_unit(small):
    before = ticks(*PATH_A[:3], made=SINCE - DAY)
    person = person_of(small, before, ticks("a/n/v"))
    assert [path.id for path in person.paths] == ["a"]
    assert (person.modules, person.units) == (1, 1)


def test_an_incomplete_path_is_not_named(small):
    person = person_of(small, ticks(*PATH_A[:3]))
    assert (person.paths, person.modules, person.units) == ((), 1, 3)


def test_a_path_of_an_earlier_week_is_not_named_again(small):
    person = person_of(small, ticks(*PATH_A, made=SINCE - DAY), ticks("b/m/u"))
    assert (person.paths, person.modules, person.units) == ((), 0, 1)


def test_every_module_that_was_finished_this_week_counts(small):
    person = person_of(small, ticks("a/m/u", made=SINCE - DAY), ticks("a/m/v", "b/m/u", "b/m/v", "b/n/u"))
    assert (person.modules, person.units, person.minutes) == (2, 4, 40)


def test_inactive_members_are_not_listed(small):
    it = digest_of(small, learner(1), learner(2, ticks("a/m/u", made=SINCE - DAY)), learner(3, ticks("a/m/u")))
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
    assert digest_of(small, learner(1, *marks)) == digest_of(small, learner(1, marks[0]))
    following = digest_of(small, learner(1, *marks), since=UNTIL, until=UNTIL + WEEK)
    assert (following.units, following.people[0].modules) == (1, 1)


@quickly
@given(st.lists(st.tuples(st.sampled_from(EVERY), st.integers(0, 5 * 7 * 24)), unique_by=lambda mark: mark[0]))
def test_each_tick_counts_in_exactly_one_week(small, marks):
    """Weeks have no gaps and don't overlap."""
    start = SINCE - 2 * WEEK
    everything = [ticks(route, made=start + hours * HOUR) for route, hours in marks]
    weeks = [
        digest_of(small, learner(1, *everything), since=start + number * WEEK, until=start + (number + 1) * WEEK)
        for number in range(6)
    ]
    assert sum(week.units for week in weeks) == len(marks)
    named = [path.id for week in weeks for person in week.people for path in person.paths]
    assert sorted(named) == [path.id for path in small.paths if {route for route, _ in marks}.issuperset(path.leaves)]
    assert sum(person.modules for week in weeks for person in week.people) == sum(
        {route for route, _ in marks}.issuperset(module.leaves) for path in small.paths for module in path.modules
    )


@pytest.mark.parametrize(
    ("done", "counts"),
    [(SINCE - BACKDATED, True), (SINCE - BACKDATED - timedelta(seconds=1), False), (LONG_AGO, False)],
)
def test_a_backdated_tick_does_not_count_this_week(small, done, counts):
    person = person_of(small, ticks(*PATH_A, done=done))
    assert bool(person) is counts
    it = digest_of(small, learner(1, ticks(*PATH_A, done=done)))
    assert shares_of(it)["a"] == (100, 0), "but the group's share includes it"


def test_backdated_ticks_are_ignored_next_to_new_ones(small):
    person = person_of(small, ticks(*PATH_A, done=LONG_AGO), ticks("b/m/u", "b/m/v"))
    assert (person.paths, person.modules, person.units) == ((), 1, 2)


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
        learner(number, *[ticks(route, made=SINCE - HOUR if old else SINCE + HOUR) for route, old in marks])
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
    everybody = [learner(number, ticks(*PATH_A[: max(0, min(4, units - 4 * number))])) for number in range(of)]
    assert shares_of(digest_of(small, *everybody))["a"] == (percent, 0)


def test_a_share_changes_by_this_weeks_ticks(small):
    it = digest_of(small, learner(1, ticks("a/m/u", made=SINCE - DAY), ticks("a/m/v", "a/n/u")), learner(2))
    assert shares_of(it) == {"a": (38, 12), "b": (0, 0)}


def test_a_share_is_by_minutes(course):
    long = [
        {"id": "x", "title": "X", "modules": [
            {"id": "m", "title": "M", "units": [
                {"id": "u", "title": "U", "kind": "reading", "minutes": 90},
                {"id": "v", "title": "V", "kind": "reading", "minutes": 10}]}]}]  # fmt: skip
    assert shares_of(digest_of(course({}, paths=long), learner(1, ticks("x/m/u")))) == {"x": (90, 0)}


def test_the_share_of_a_path_without_known_minutes_counts_its_modules(course):
    bare = [{"id": "x", "title": "X", "modules": [{"id": name, "title": name} for name in "abcd"]}]
    assert shares_of(digest_of(course({}, paths=bare), learner(1, ticks("x/a")))) == {"x": (25, 0)}


def test_a_tick_on_a_whole_module_of_an_earlier_course_counts_as_its_units(course):
    new = course({"a": {"new": ["u", "v"]}}, renamed={"a/old": "a/new"})
    it = digest_of(new, learner(1, ticks("a/old")))
    assert (it.units, it.people[0].modules, [path.id for path in it.people[0].paths]) == (2, 1, ["a"])
    assert shares_of(it) == {"a": (100, 0)}


def test_ticks_on_removed_units_are_ignored(small):
    it = digest_of(small, learner(1, ticks("gone/for/good", "a/m/gone")))
    assert it.quiet
    assert it.units == 0
    assert it.suggestion.route == "a/m/u"


# --- People -----------------------------------------------------------------------------------------------------------


def test_new_members_are_welcomed(small):
    moments = (SINCE - timedelta(seconds=1), SINCE, UNTIL - timedelta(seconds=1), UNTIL)
    it = digest_of(small, *(learner(number, joined=joined) for number, joined in enumerate(moments)))
    assert it.joined == (1, 2)


@pytest.mark.parametrize(("pause", "returned"), [(PAUSE, (1,)), (PAUSE - timedelta(seconds=1), ()), (5 * PAUSE, (1,))])
def test_returning_members_are_greeted(small, pause, returned):
    marks = [ticks("a/m/u", made=SINCE - 9 * PAUSE), ticks("a/m/v", made=SINCE - pause), ticks("a/n/u")]
    assert digest_of(small, learner(1, *marks)).returned == returned


def test_a_first_tick_is_not_a_return(small):
    assert digest_of(small, learner(1, ticks("a/m/u"), joined=LONG_AGO)).returned == ()


def test_absent_members_are_not_mentioned(small):
    it = digest_of(small, learner(1, ticks("a/m/u", made=SINCE - 2 * PAUSE)), learner(2, ticks("a/m/u")))
    assert it.returned == ()
    assert it.named == {2}


def test_exam_dates_within_four_weeks_soonest_first(small):
    last = MONDAY
    days = {1: 28, 2: 0, 3: 29, 4: -1, 5: 14, 6: None}
    it = digest_of(small, *(learner(n, exam_on=None if day is None else last + day * DAY) for n, day in days.items()))
    assert it.last == last
    assert timedelta(days=28) == EXAMS_WITHIN
    assert it.exams == ((2, last), (5, last + 14 * DAY), (1, last + 28 * DAY))
    assert it.named == {1, 2, 5}


def test_members_away_are_counted_and_not_named(small):
    it = digest_of(small, learner(1, away=True), learner(2, away=True), learner(3))
    assert it.away == 2
    assert it.named == frozenset()


@quickly
@given(st.integers(0, 60))
def test_at_most_ten_names_per_line(small, count):
    everybody = [
        learner(number, ticks("a/m/u", made=SINCE - 2 * PAUSE), ticks("a/m/v"), joined=SINCE, exam_on=MONDAY)
        for number in range(count)
    ]
    it = digest_of(small, *everybody)
    assert [len(it.joined), len(it.returned), len(it.exams), it.active] == [count] * 4, "all of them are counted"
    assert len(it.named) == min(count, NAMED)


# --- What to do next --------------------------------------------------------------------------------------------------


def test_the_focus_is_the_module_in_which_most_made_their_latest_tick(small):
    it = digest_of(
        small,
        learner(1, ticks("a/m/u", made=SINCE - DAY), ticks("a/n/u")),
        learner(2, ticks("a/n/u", made=SINCE - DAY)),
        learner(3, ticks("a/m/u")),
        learner(4),
    )
    assert (it.focus.route, it.focus_members) == ("a/n", 2)
    assert it.suggestion.route == "a/n/u", "not everyone has done it"


def test_the_latest_tick_is_the_last_recorded_and_of_several_at_once_the_last_done(small):
    early = ticks("a/m/u", made=SINCE + DAY)
    later = ticks("a/n/u", made=SINCE + 2 * DAY, done=SINCE), ticks("b/m/u", made=SINCE + 2 * DAY, done=SINCE + HOUR)
    for order in permutations((early, *later)):
        assert digest_of(small, learner(1, *order)).focus.route == "b/m"


def test_a_module_that_was_renamed_is_the_focus_under_its_new_name(small):
    renamed = replace(small, renamed={"old": "a", "b/old": "b/m"})
    assert digest_of(renamed, learner(1, ticks("old/m/u"))).focus.route == "a/m"
    assert digest_of(renamed, learner(1, ticks("b/old/u"))).focus.route == "b/m"


def test_a_module_that_all_completed_is_not_the_focus(small):
    done = [learner(number, ticks("a/m/u", "a/m/v")) for number in (1, 2)]
    it = digest_of(small, *done, learner(3, ticks("a/m/u", "a/m/v", made=SINCE - DAY), ticks("a/n/u")))
    assert (it.focus.route, it.focus_members) == ("a/n", 1)
    assert digest_of(small, *done).focus is None


def test_the_suggestion_is_the_first_unit_of_the_focus_that_not_all_have_done(small):
    it = digest_of(small, learner(1, ticks("a/n/u")), learner(2, ticks("a/n/u")))
    assert (it.focus.route, it.suggestion.route) == ("a/n", "a/n/v")


def test_without_a_focus_the_suggestion_is_the_first_unit_of_the_course_that_not_all_have_done(small):
    it = digest_of(small, learner(1, ticks("a/m/u", "a/m/v")))
    assert (it.focus, it.suggestion.route) == (None, "a/n/u")


def test_no_suggestion_for_a_completed_course(small):
    it = digest_of(small, learner(1, ticks(*EVERY)))
    assert (it.focus, it.suggestion) == (None, None)
    assert [path.id for path in it.people[0].paths] == ["a", "b"]


@quickly
@given(st.lists(st.sets(st.sampled_from(EVERY)), min_size=1, max_size=12))
def test_the_suggestion_is_not_done_by_everyone(small, cohort):
    it = digest_of(small, *(learner(number, ticks(*sorted(done))) for number, done in enumerate(cohort)))
    done_by_all = set.intersection(*cohort)
    assert (it.suggestion is None) is (done_by_all == set(EVERY))
    if it.suggestion:
        assert it.suggestion.route not in done_by_all
    if it.focus:
        assert not done_by_all.issuperset(it.focus.leaves)


# --- Through the store ------------------------------------------------------------------------------------------------


async def store_learners(store, small, now):
    """Return the learners that the store returns for the digest."""
    week = {"since": now - timedelta(days=7), "until": now + timedelta(seconds=1)}
    learners, gone, _ = await store.digests.learners(700, small.id, **week)
    return {one.id: one for one in learners}, gone


async def test_summarized_earlier_ticks_count_the_same(small_study, small, store, clock, asker):
    await small_study.progress.complete(asker(1), small.nodes["a/m/u"])
    clock.move(days=30)
    await small_study.progress.complete(asker(1), small.nodes["b"])
    (learner,) = (await store_learners(store, small, clock.now()))[0].values()
    assert learner.earlier == {"a/m/u"}
    assert [route for route, _, _ in learner.marks] == list(small.nodes["b"].leaves)
    week = {"since": clock.now() - timedelta(days=7), "until": clock.now() + timedelta(seconds=1)}
    days = {"first": date(2026, 1, 1), "last": date(2026, 1, 7)}
    long = replace(learner, earlier=frozenset(), last=0, marks=[("a/m/u", learner.last, learner.last), *learner.marks])
    assert build(small, [learner], **week, **days) == build(small, [long], **week, **days)
    assert build(small, [learner], **week, **days).returned == (1,)


async def test_members_come_with_their_ticks_dates_and_exam(small_study, small, store, clock, asker):
    await small_study.progress.complete(asker(1), small.nodes["a/m/u"])
    await small_study.progress.complete(asker(2), small.nodes["b"], date(2026, 11, 1))
    await small_study.plans.set(1, small, PlanSettings(date(2026, 12, 18), shared=True))
    await small_study.plans.set(2, small, PlanSettings(date(2026, 12, 18)))
    learners, gone = await store_learners(store, small, clock.now())
    assert set(learners) == {1, 2}
    assert gone == frozenset()
    assert learners[1].marks == ticks("a/m/u", made=clock.now())
    assert learners[2].marks == ticks(*EVERY[4:], made=clock.now(), done=datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert learners[1].joined_at == clock.now()
    assert (learners[1].exam_on, learners[2].exam_on) == (date(2026, 12, 18), None)


async def test_undone_ticks_are_not_counted(small_study, small, store, clock, asker):
    await small_study.progress.complete(asker(1), small.nodes["a"])
    await small_study.progress.undo(asker(1))
    learners, _ = await store_learners(store, small, clock.now())
    assert list(learners[1].marks) == []
    assert digest_of(small, *learners.values()).quiet


async def test_hidden_and_former_members_are_excluded(small_study, small, store, clock, asker):
    for number in (1, 2, 3):
        await small_study.progress.complete(asker(number), small.nodes["a/m/u"])
    await small_study.privacy.set_visibility(1, hidden=True)
    await small_study.privacy.leave(2, 700)
    learners, _ = await store_learners(store, small, clock.now())
    assert set(learners) == {3}
    await small_study.privacy.set_visibility(1, hidden=False)
    await small_study.privacy.rejoin(2, 700)
    assert set((await store_learners(store, small, clock.now()))[0]) == {1, 2, 3}


async def test_only_members_of_this_cohort_are_included(small_study, small, store, clock, asker):
    await small_study.progress.complete(asker(1), small.nodes["a/m/u"])
    await small_study.progress.complete(asker(2, server=701), small.nodes["a/m/u"])
    await small_study.progress.complete(asker(3, server=None), small.nodes["a/m/u"])
    assert set((await store_learners(store, small, clock.now()))[0]) == {1}


async def test_days_off_count_while_they_last_for_members_who_did_nothing(small_study, small, store, clock, asker):
    for number in (1, 2):
        await small_study.progress.complete(asker(number), small.nodes["a/m/u"])
    clock.move(days=10)
    for number in (1, 2):
        await small_study.days_off.add(number, clock.now().date(), clock.now().date())
    assert [learner.away for learner in (await store_learners(store, small, clock.now()))[0].values()] == [True, True]
    await small_study.progress.complete(asker(2), small.nodes["a/m/v"])
    learners, _ = await store_learners(store, small, clock.now() + timedelta(seconds=1))
    assert (learners[1].away, learners[2].away) == (True, False)
    clock.move(days=1)
    assert not (await store_learners(store, small, clock.now()))[0][1].away


async def test_members_who_left_the_server_are_excluded_until_they_return(
    small_study, small, store, process, chat, set_up, clock, asker
):
    """They are detected when the digest is built. Their ticks are kept."""
    for number in (1, 2, 3):
        await small_study.progress.complete(asker(number), small.nodes["a/m/u"])
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
