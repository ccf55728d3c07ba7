"""The product: ticking and taking back, who sees whom, what is announced. Real database, the test's own clock."""

import asyncio
import json
import random
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.course.progress import Progress
from bot.errors import BadInput, NotAllowed, NotFound, NothingYet, Stale
from tests.databases import query as insert

TREE = {"a": {"m": ["u1", "u2"], "n": []}, "b": {}, "c": {"m": ["u1"]}}
SERVER, OTHER = 700, 800
ADA, BEN, EVE = 11, 22, 33


@pytest.fixture
async def tiny(study_of, course):
    """The product on one small course."""
    return await study_of(course(TREE))


@pytest.fixture
def node(tiny):
    return tiny.catalogue.default.nodes.__getitem__


@pytest.fixture
def who(asker):
    def ask(learner=ADA, server=SERVER):
        return asker(learner, server)

    return ask


async def done(study, learner=ADA, course=None):
    """The leaves that are ticked, from the database."""
    course = course or study.catalogue.default
    progress = await study.progress.of(learner, course)
    return {leaf for leaf in course.leaves if progress.is_done(course.nodes[leaf])}


# Ticking


async def test_a_tick_is_told_and_kept(tiny, node, who, clock):
    ticked = await tiny.progress.complete(who(), node("a/m"))
    assert (ticked.changed, ticked.on, ticked.node, ticked.since) == (True, True, node("a/m"), None)
    assert ticked.applied.delta.add == ("a/m/u1", "a/m/u2")
    assert (ticked.before.whole.done, ticked.after.whole.done, ticked.finished) == (0, 2, ())
    assert set((await tiny.progress.of(ADA, tiny.catalogue.default)).ticks) == set(ticked.applied.after)
    assert {(tick.done_at, tick.made_at, tick.server) for tick in ticked.applied.after} == {
        (clock.now(), clock.now(), SERVER)
    }


async def test_the_same_twice_changes_nothing_and_tells_the_first_date(tiny, node, who, clock):
    first = clock.now()
    await tiny.progress.complete(who(), node("a/m/u1"))
    clock.move(days=1)
    rest = await tiny.progress.complete(who(), node("a"))
    assert (rest.applied.delta.add, rest.since, rest.finished) == (("a/m/u2", "a/n"), None, (node("a"),))
    clock.move(days=1)
    for again in (
        await tiny.progress.complete(who(server=OTHER), node("a")),
        await tiny.progress.complete(who(), node("a")),
    ):
        assert not again.changed
        assert again.since == first + timedelta(days=1), "when the last part of it was done"
        assert (again.finished, again.shareable, again.applied.change) == ((), (), None)
    assert (await tiny.progress.complete(who(), node("a/m/u1"))).since == first
    assert {tick.server for tick in (await tiny.progress.of(ADA, tiny.catalogue.default)).ticks} == {SERVER}


@pytest.mark.parametrize("back", [0, 1, 365])
async def test_a_tick_can_be_back_dated(tiny, node, who, clock, back):
    day = clock.now().date() - timedelta(days=back)
    ticked = await tiny.progress.complete(who(), node("b"), day)
    (tick,) = ticked.applied.after
    assert tick.done_at == (datetime.combine(day, time(12), UTC) if back else clock.now())
    assert tick.made_at == clock.now()
    assert ticked.after.done_at(node("b")) == tick.done_at <= clock.now()


@pytest.mark.parametrize("back", [-1, 366])
async def test_a_tick_is_neither_of_the_future_nor_of_long_ago(tiny, node, who, clock, back):
    with pytest.raises(BadInput):
        await tiny.progress.complete(who(), node("b"), clock.now().date() - timedelta(days=back))
    assert await done(tiny) == set()


async def test_unticking_leaves_the_siblings(tiny, node, who):
    await tiny.progress.complete(who(), node("a"))
    less = await tiny.progress.undo_node(who(), node("a/m/u1"))
    assert (less.changed, less.on, less.applied.delta.remove) == (True, False, ("a/m/u1",))
    assert less.before.is_done(node("a"))
    assert not less.after.is_done(node("a"))
    assert await done(tiny) == {"a/m/u2", "a/n"}
    assert not (await tiny.progress.undo_node(who(), node("a/m/u1"))).changed
    assert set((await tiny.progress.undo_node(who(), node("a"))).applied.delta.remove) == {"a/m/u2", "a/n"}
    assert await done(tiny) == set()


async def test_a_learner_has_one_progress_wherever_they_are(tiny, node, who):
    await tiny.progress.complete(who(server=SERVER), node("b"))
    await tiny.progress.complete(who(server=None), node("a/n"))
    await tiny.progress.undo_node(who(server=OTHER), node("b"))
    await tiny.progress.complete(who(BEN), node("c"))
    assert (await done(tiny), await done(tiny, BEN)) == ({"a/n"}, {"c/m/u1"})


# Forms


async def test_a_form_changes_only_what_differs_from_what_it_showed(tiny, node, who):
    await tiny.progress.complete(who(), node("a/m/u1"))
    late = await tiny.progress.save(who(), node("a/m"), shown=[], chosen=["a/m/u2"])
    assert (late.changed, late.on, late.finished) == (True, True, ())
    assert await done(tiny) == {"a/m/u1", "a/m/u2"}, "what the form had not seen stays"
    again = await tiny.progress.save(who(), node("a/m"), shown=[], chosen=["a/m/u2"])
    assert not again.changed
    both = await tiny.progress.save(who(), node("a"), shown=["a/m"], chosen=["a/n"])
    assert (both.applied.delta.add, set(both.applied.delta.remove)) == (("a/n",), {"a/m/u1", "a/m/u2"})
    assert await done(tiny) == {"a/n"}
    off = await tiny.progress.save(who(), node("a"), shown=["a/m", "a/n"], chosen=["a/m"])
    assert (off.on, await done(tiny)) == (False, set())


async def test_a_form_without_a_difference_saves_nothing(tiny, node, who):
    same = await tiny.progress.save(who(), node("a"), shown=["a/m"], chosen=["a/m"])
    assert not same.changed
    assert await done(tiny) == set()


async def test_a_form_on_a_node_without_children_is_about_itself(tiny, node, who):
    await tiny.progress.save(who(), node("b"), shown=[], chosen=["b"])
    assert await done(tiny) == {"b"}


# Undo


async def test_undo_takes_back_what_one_change_ticked(tiny, node, who):
    await tiny.progress.complete(who(), node("a/m/u1"))
    change = (await tiny.progress.complete(who(), node("a"))).applied.change
    await tiny.progress.complete(who(), node("b"))
    await tiny.progress.undo_node(who(), node("a/n"))
    undone = await tiny.progress.undo(who(), change)
    assert (undone.changed, undone.on, undone.applied.delta.remove) == (True, False, ("a/m/u2",))
    assert undone.nodes == (node("a/m/u2"),), "it names what it took back"
    assert await done(tiny) == {"a/m/u1", "b"}
    with pytest.raises(Stale, match="already been undone"):
        await tiny.progress.undo(who(), change)
    assert await done(tiny) == {"a/m/u1", "b"}


async def test_undo_names_the_highest_that_was_ticked(tiny, node, who):
    for route in ("c", "a", "a/m"):
        await tiny.progress.complete(who(), node(route))
        assert (await tiny.progress.undo(who())).nodes == (node(route),)


async def test_an_old_undo_leaves_alone_what_was_ticked_again(tiny, node, who):
    old = (await tiny.progress.complete(who(), node("b"))).applied.change
    await tiny.progress.undo_node(who(), node("b"))
    await tiny.progress.complete(who(), node("b"))
    with pytest.raises(Stale):
        await tiny.progress.undo(who(), old)
    assert await done(tiny) == {"b"}


async def test_undo_without_a_name_goes_back_step_by_step(tiny, node, who, study_of):
    for route in ("a/m/u1", "b", "a/n"):
        await tiny.progress.complete(who(), node(route))
    assert (await tiny.progress.undo(who())).node == node("a/n")
    restarted = await study_of(tiny.catalogue.default)
    assert (await restarted.progress.undo(who())).node == node("b")
    assert (await restarted.progress.undo(who(server=None))).node == node("a/m/u1")
    with pytest.raises(NothingYet, match="Nothing to undo yet"):
        await restarted.progress.undo(who())


async def test_nobody_undoes_another_s_tick(tiny, node, who):
    change = (await tiny.progress.complete(who(), node("b"))).applied.change
    with pytest.raises(Stale):
        await tiny.progress.undo(who(BEN), change)
    with pytest.raises(NothingYet):
        await tiny.progress.undo(who(BEN))
    assert await done(tiny) == {"b"}


async def test_undo_finds_its_course(study, who):
    courses = study.catalogue.courses
    await study.progress.complete(who(), courses["dp-900"].paths[0])
    assert (await study.progress.undo(who())).course is courses["dp-900"]
    assert await done(study, course=courses["dp-900"]) == set()


# Two at once


async def test_two_clicks_at_once(tiny, node, who):
    both = await asyncio.gather(tiny.progress.complete(who(), node("b")), tiny.progress.complete(who(), node("b")))
    assert sorted(one.changed for one in both) == [False, True]
    assert [one.since is not None for one in both] == [not one.changed for one in both]
    assert sum(len(one.shareable) for one in both) == 1
    assert all(one.applied.asks for one in both)
    change = next(one.applied.change for one in both if one.changed)
    undone = await asyncio.gather(
        tiny.progress.undo(who(), change), tiny.progress.undo(who(), change), return_exceptions=True
    )
    assert sum(not isinstance(one, Stale) and one.changed for one in undone) == 1
    assert await done(tiny) == set()


@pytest.mark.parametrize("seed", range(4))
async def test_any_changes_at_once_happen_one_after_the_other(tiny, who, seed):
    """What each of them reports is a step of one sequence that ends in what is stored."""
    dice = random.Random(seed)
    course = tiny.catalogue.default
    nodes = list(course.nodes.values())

    def act(learner):
        node = dice.choice(nodes)
        some = {child.route for child in node.children if dice.random() < 0.5}
        return dice.choice(
            [
                lambda: tiny.progress.complete(who(learner), node),
                lambda: tiny.progress.undo_node(who(learner), node),
                lambda: tiny.progress.save(who(learner), node, shown=[], chosen=some),
                lambda: tiny.progress.save(who(learner), node, shown=some, chosen=[]),
                lambda: tiny.progress.undo(who(learner)),
            ]
        )()

    actors = [dice.choice([ADA, BEN]) for _ in range(40)]
    results = await asyncio.gather(*(act(learner) for learner in actors), return_exceptions=True)
    assert all(not isinstance(one, BaseException) or isinstance(one, NothingYet) for one in results)
    for learner in (ADA, BEN):
        mine = [
            one
            for actor, one in zip(actors, results, strict=True)
            if actor == learner and not isinstance(one, NothingYet)
        ]
        states = [frozenset()]
        for step in sorted((one for one in mine if one.changed), key=lambda one: one.applied.change):
            assert frozenset(step.applied.before) == states[-1]
            states.append(frozenset(step.applied.after))
        assert states[-1] == frozenset((await tiny.progress.of(learner, course)).ticks)
        assert all(frozenset(one.applied.before) in states for one in mine if not one.changed)
        assert all(one.applied.asks == one.on for one in mine if not one.applied.delta.remove)


# A course that changes


async def test_a_changed_course_takes_no_tick_away(tiny, node, who, study_of, course, clock):
    first = clock.now()
    for route in ("a", "b", "c"):
        await tiny.progress.complete(who(), node(route))
        clock.move(days=1)
    new = course({"a": {"m": ["u1", "u9"]}, "b": {"m": ["u1", "u2"], "n": []}, "d": {"m": ["u1"]}}, renamed={"c": "d"})
    study = await study_of(new)
    assert await done(study) == {"a/m/u1", "b/m/u1", "b/m/u2", "b/n", "d/m/u1"}
    progress = await study.progress.of(ADA, new)
    assert {tick.route for tick in progress.kept} == {"a/m/u2", "a/n"}
    assert not (await study.progress.complete(who(), new.nodes["b"])).changed

    less = await study.progress.undo_node(who(), new.nodes["b/m/u1"])
    assert await done(study) == {"a/m/u1", "b/m/u2", "b/n", "d/m/u1"}
    assert set(less.applied.after) == set((await study.progress.of(ADA, new)).ticks)
    assert less.after.done_at(new.nodes["b/n"]) == first + timedelta(days=1), "with the date of the tick that it was"
    await study.progress.undo_node(who(), new.nodes["a"])
    await study.progress.undo_node(who(), new.nodes["d"])
    assert {tick.route for tick in (await study.progress.of(ADA, new)).kept} == {"a/m/u2", "a/n"}
    assert await done(await study_of(course(TREE))) == {"a/m/u2", "a/n"}, "a course that comes back finds them"


async def test_undo_in_a_changed_course_names_what_it_took_back(tiny, node, who, study_of, course):
    await tiny.progress.complete(who(), node("c"))
    await tiny.progress.complete(who(), node("b"))
    new = course({"a": {}, "b": {"m": ["u1"], "n": []}, "d": {"m": ["u1"]}}, renamed={"c": "d"})
    study = await study_of(new)
    assert (await study.progress.undo(who())).nodes == (new.nodes["b"],)
    assert (await study.progress.undo(who())).nodes == (new.nodes["d"],)
    assert await done(study) == set()


async def test_what_left_the_course_is_not_undone(tiny, node, who, study_of, course):
    """It keeps its credit, and no other node is told to have been taken back."""
    change = (await tiny.progress.complete(who(), node("b"))).applied.change
    new = course({"a": {"m": ["u1", "u2"], "new": []}})
    study = await study_of(new)
    for named in (None, change):
        with pytest.raises((Stale, NothingYet)):
            await study.progress.undo(who(), named)
    assert [tick.route for tick in (await study.progress.of(ADA, new)).kept] == ["b"]

    change = (await tiny.progress.complete(who(), node("a"))).applied.change
    undone = await study.progress.undo(who(), change)
    assert (undone.nodes, undone.applied.delta.remove) == ((new.nodes["a/m"],), ("a/m/u1", "a/m/u2"))
    assert {tick.route for tick in (await study.progress.of(ADA, new)).kept} == {"a/n", "b"}
    with pytest.raises(Stale):
        await study.progress.undo(who(), change)


async def test_ticks_of_a_course_that_is_no_longer_served_are_kept(tiny, node, who, study_of, course):
    await tiny.progress.complete(who(), node("b"))
    other = await study_of(course({"x": {}}, code="T-2"))
    with pytest.raises(Stale, match="T-1"):
        await other.progress.undo(who())
    assert await done(await study_of(tiny.catalogue.default)) == {"b"}


@pytest.mark.parametrize("change", [{"renamed": {"a/m/was-u1": "a/m/u1"}}, {}])
async def test_a_path_is_announced_when_earlier_credit_completes_it(study_of, course, who, change):
    """The credit for a unit that was renamed, or for a module that had no units yet, is as good as any."""
    old = course({"a": {"m": ["was-u1", "u2"], "n": []}} if change else {"a": {"m": [], "n": []}})
    await (await study_of(old)).progress.complete(who(), old.nodes["a/m"])
    new = course({"a": {"m": ["u1", "u2"], "n": []}}, **change)
    last = await (await study_of(new)).progress.complete(who(), new.nodes["a/n"])
    assert last.finished == last.shareable == (new.nodes["a"],)


async def test_only_the_path_that_was_completed_is_announced(study_of, course, who):
    """Not one that is complete because a module of it went away."""
    old, new = course({"a": {"m": [], "n": []}, "b": {}}), course({"a": {"m": []}, "b": {}})
    await (await study_of(old)).progress.complete(who(), old.nodes["a/m"])
    last = await (await study_of(new)).progress.complete(who(), new.nodes["b"])
    assert last.after.paths_done == (new.nodes["a"], new.nodes["b"])
    assert last.finished == last.shareable == (new.nodes["b"],)


# Cohorts


def memberships(kept):
    return [(place.server, place.course, place.joined_at, place.left_at) for place in kept.memberships]


async def test_a_completion_joins_nothing_and_asks_until_the_learner_decides(tiny, node, who, clock):
    asks = [
        (await tiny.progress.complete(who(server=server), node(route))).applied.asks
        for server, route in ((None, "b"), (SERVER, "b"), (SERVER, "a/n"), (OTHER, "c"))
    ]
    assert asks == [False, True, True, True]
    assert memberships(await tiny.privacy.kept(ADA)) == []
    assert not await tiny.progress.join(who(), tiny.catalogue.default, visible=True)
    clock.move(days=1)
    await tiny.progress.join(who(server=OTHER), tiny.catalogue.default, visible=False)
    assert not (await tiny.progress.complete(who(), node("a/m"))).applied.asks
    assert not (await tiny.progress.complete(who(server=OTHER), node("a/m/u1"))).applied.asks
    assert memberships(await tiny.privacy.kept(ADA)) == [
        (SERVER, "t-1", clock.now() - timedelta(days=1), None),
        (OTHER, "t-1", clock.now(), clock.now()),
    ]
    assert not (await tiny.progress.undo_node(who(BEN), node("b"))).applied.asks


async def test_who_was_hidden_first_joins_when_they_become_visible(tiny, who, clock):
    course = tiny.catalogue.default
    await tiny.progress.join(who(), course, visible=False)
    clock.move(days=3)
    await tiny.progress.join(who(), course, visible=True)
    joined = clock.now()
    clock.move(days=3)
    await tiny.progress.join(who(), course, visible=False)
    clock.move(days=3)
    await tiny.progress.join(who(), course, visible=True)
    assert memberships(await tiny.privacy.kept(ADA)) == [(SERVER, "t-1", joined, None)]


async def test_who_is_hidden_everywhere_is_not_asked(tiny, node, who):
    await tiny.privacy.set_visibility(ADA, hidden=True)
    assert not (await tiny.progress.complete(who(), node("b"))).applied.asks
    assert await tiny.progress.join(who(), tiny.catalogue.default, visible=True), "still hidden"


async def test_a_study_group_needs_a_server(tiny, who):
    with pytest.raises(NotAllowed, match="Study groups are in servers"):
        await tiny.progress.join(who(server=None), tiny.catalogue.default, visible=True)


async def test_who_left_is_not_asked_again(study, who):
    one, two = (study.catalogue.courses[course] for course in ("az-104", "az-400"))
    for course in (one, two):
        await study.progress.complete(who(), course.paths[0])
        await study.progress.join(who(), course, visible=True)
    await study.progress.join(who(server=OTHER), one, visible=True)
    assert await study.privacy.leave(ADA, SERVER) == [one.id, two.id]
    with pytest.raises(NotAllowed):
        await study.privacy.leave(ADA, SERVER)
    assert not (await study.progress.complete(who(), one.paths[2])).applied.asks
    await study.progress.join(who(BEN), one, visible=True)
    with pytest.raises(NotAllowed, match="isn't in this server's"):
        await study.progress.of_member(who(BEN), ADA, one)
    assert (await study.progress.of(ADA, one)).is_done(one.paths[2]), "leaving takes no tick"
    assert [place.server for place in (await study.privacy.kept(ADA)).memberships if place.left_at is None] == [OTHER]

    assert await study.privacy.rejoin(ADA, SERVER) == [one.id, two.id]
    assert (await study.progress.of_member(who(BEN), ADA, one)).is_done(one.paths[0])
    with pytest.raises(NotAllowed):
        await study.privacy.rejoin(ADA, SERVER)


async def test_who_was_away_from_the_server_is_back_with_a_completion(tiny, node, who, path):
    await tiny.progress.join(who(), tiny.catalogue.default, visible=True)
    insert(path, "update member set gone_at = 1 where learner_id = ?", ADA)
    assert not (await tiny.progress.complete(who(), node("c"))).applied.asks
    assert insert(path, "select gone_at, left_at from member") == [(None, None)]


async def test_there_is_no_cohort_in_direct_messages(tiny):
    for move in (tiny.privacy.leave, tiny.privacy.rejoin):
        with pytest.raises(NotAllowed):
            await move(ADA, None)


async def test_members_of_a_cohort_see_each_other(tiny, node, who):
    course = tiny.catalogue.default
    await tiny.progress.complete(who(ADA), node("a"))
    await tiny.progress.join(who(ADA), course, visible=True)
    with pytest.raises(NothingYet, match="Join it to see theirs"):
        await tiny.progress.of_member(who(BEN), ADA, course)
    await tiny.progress.join(who(BEN, OTHER), course, visible=True)
    with pytest.raises(NothingYet, match="Join it"):
        await tiny.progress.of_member(who(BEN), ADA, course)
    await tiny.progress.join(who(BEN), course, visible=True)
    seen = await tiny.progress.of_member(who(BEN), ADA, course)
    assert isinstance(seen, Progress)
    assert seen.paths_done == (node("a"),)
    assert seen.stored == (await tiny.progress.of(ADA, course)).stored
    await tiny.progress.undo_node(who(ADA), node("a"))
    assert (await tiny.progress.of_member(who(BEN), ADA, course)).whole.done == 0, "without a tick, still a member"


@pytest.mark.parametrize("server", [SERVER, OTHER, None])
async def test_everybody_sees_themselves(tiny, node, who, server):
    await tiny.progress.complete(who(), node("b"))
    await tiny.privacy.set_visibility(ADA, hidden=True)
    seen = await tiny.progress.of_member(who(server=server), ADA, tiny.catalogue.default)
    assert seen.paths_done == (node("b"),)


async def test_who_is_hidden_or_elsewhere_is_not_seen(tiny, study, node, who):
    course = tiny.catalogue.default
    await tiny.progress.complete(who(ADA), node("b"))
    for member in (who(ADA), who(BEN), who(EVE, OTHER)):
        await tiny.progress.join(member, course, visible=True)
    for asked, named in ((who(BEN, None), ADA), (who(BEN), EVE), (who(BEN), 999), (who(BEN, OTHER), ADA)):
        with pytest.raises((NotAllowed, NothingYet)):
            await tiny.progress.of_member(asked, named, course)
    with pytest.raises(NothingYet):
        await study.progress.of_member(who(BEN), ADA, study.catalogue.default)
    await tiny.privacy.set_visibility(ADA, hidden=True)
    with pytest.raises(NotAllowed, match=rf"<@{ADA}> isn't in .* or has hidden"):
        await tiny.progress.of_member(who(BEN), ADA, course)
    await tiny.progress.of_member(who(ADA), BEN, course)
    await tiny.privacy.set_visibility(ADA, hidden=False)
    await tiny.progress.of_member(who(BEN), ADA, course)


# Announcements


@pytest.fixture
def claim(tiny, node, who):
    def ask(route, learner=ADA, server=SERVER):
        return tiny.announcements.claim(who(learner, server), node(route), 5)

    return ask


async def test_a_completed_path_can_be_announced_until_it_was(tiny, node, who, claim):
    assert (await tiny.progress.complete(who(), node("a/m"))).shareable == ()
    last = await tiny.progress.complete(who(), node("a"))
    assert (last.shareable, last.finished, last.announces) == ((node("a"),), (node("a"),), False)
    claimed = await claim("a")
    assert claimed.earlier is None
    assert await tiny.announcements.posted(claimed.wanted, 99)
    again = (await claim("a")).earlier
    assert (again.message, again.channel) == (99, 5)
    await tiny.progress.undo_node(who(), node("a/n"))
    assert [(each.route, each.message) for each in await tiny.announcements.outdated(ADA)] == [("a", 99)]
    assert (await tiny.progress.complete(who(), node("a"))).shareable == (), "its message is still there"
    assert await tiny.announcements.outdated(ADA) == []
    await tiny.progress.undo_node(who(), node("a/n"))
    await tiny.announcements.remove(again)
    assert (await tiny.progress.complete(who(), node("a"))).shareable == (node("a"),)
    assert (await tiny.progress.complete(who(BEN), node("a"))).shareable == (node("a"),)


async def test_each_server_has_its_own_announcement(tiny, node, who, claim):
    await tiny.progress.complete(who(), node("b"))
    assert (await claim("b")).earlier is None
    assert (await claim("b", server=OTHER)).earlier is None
    assert (await claim("b", server=OTHER)).earlier.message is None


async def test_claims_at_once_are_granted_once(tiny, node, who, claim):
    await tiny.progress.complete(who(), node("b"))
    claims = await asyncio.gather(*(claim("b") for _ in range(5)))
    assert sum(each.earlier is None for each in claims) == 1


async def test_only_a_completed_path_is_announced_in_a_server_that_allows_it(tiny, node, who, claim, path):
    with pytest.raises(NotAllowed, match="You haven't completed"):
        await claim("b")
    await tiny.progress.complete(who(), node("b"))
    with pytest.raises(NotAllowed, match="only in a server"):
        await claim("b", server=None)
    insert(path, "insert into server (server_id, announcements) values (?, 0)", SERVER)
    with pytest.raises(NotAllowed, match="turned off"):
        await claim("b")
    done = await tiny.progress.complete(who(), node("c"))
    assert (done.shareable, done.finished) == ((), (node("c"),))


async def test_a_form_that_completes_a_path_offers_to_announce_it(tiny, node, who):
    saved = await tiny.progress.save(who(), node("a"), shown=[], chosen=["a/m", "a/n"])
    assert saved.shareable == (node("a"),)


async def test_the_setting_does_not_announce_the_hidden_nor_in_direct_messages(tiny, node, who):
    await tiny.privacy.set_announcing(ADA, announces=True)
    assert (await tiny.progress.complete(who(server=None), node("b"))).shareable == ()
    await tiny.privacy.set_visibility(ADA, hidden=True)
    hidden = await tiny.progress.complete(who(), node("a"))
    assert (hidden.announces, hidden.shareable) == (False, (node("a"),)), "they can still choose to"
    await tiny.privacy.set_visibility(ADA, hidden=False)
    assert (await tiny.progress.complete(who(), node("c"))).announces


async def test_an_announcement_of_a_renamed_path_follows_it(tiny, node, who, claim, study_of, course):
    await tiny.progress.complete(who(), node("b"))
    await tiny.announcements.posted((await claim("b")).wanted, 99)
    study = await study_of(course({"d": {}}, renamed={"b": "d"}))
    assert await study.announcements.outdated(ADA) == []
    await study.progress.undo(who())
    assert [each.message for each in await study.announcements.outdated(ADA)] == [99]


# Courses


async def test_the_course_that_is_meant(store, path, study_of, courses):
    insert(path, "insert into server (server_id, course) values (?, 'dp-900')", SERVER)
    insert(path, "insert into server (server_id, course) values (?, 'gone-1')", OTHER)
    # Marked as gone; it may come back.
    insert(path, "insert into server (server_id, course, removed_at) values (?, 'dp-900', 1)", 900)
    study = await study_of(courses["az-104"], courses["dp-900"])
    for server, course in ((SERVER, "dp-900"), (OTHER, "az-104"), (900, "dp-900"), (1, "az-104"), (None, "az-104")):
        assert study.course(server).id == course
        assert study.course(server, "dp900").id == "dp-900"
    with pytest.raises(NotFound, match="DP-900"):
        study.course(SERVER, "dp-90")


async def test_all_courses_with_my_share_of_each(study, who):
    course = study.catalogue.courses["az-900"]
    await study.progress.complete(who(), course.paths[0])
    shares = {one.course.id: one.progress.whole for one in await study.progress.of_all_courses(ADA)}
    assert list(shares) == list(study.catalogue.courses)
    assert shares["az-900"].minutes == course.paths[0].length
    assert [share.done for name, share in shares.items() if name != "az-900"] == [0] * (len(shares) - 1)
    assert all(one.progress.whole.done == 0 for one in await study.progress.of_all_courses(BEN))


async def test_a_text_is_looked_for_in_the_course_first_or_only_there(study):
    course = study.catalogue.default
    assert study.find("deploy", course, only=False).node.route == "deploy"
    assert study.find("describe cloud concepts", course, only=False).node.course == "az-900"
    with pytest.raises(NotFound, match="No results for “concepts” in AZ-104"):
        study.find("concepts", course, only=True)
    with pytest.raises(NotFound, match=r"No results for “qqqqqqqq”\. Try a single word"):
        study.find("qqqqqqqq", course, only=False)


# Privacy


async def test_what_is_kept_is_shown_exported_and_forgotten(tiny, node, who):
    await tiny.progress.complete(who(), node("a"))
    await tiny.announcements.claim(who(), node("a"), 5)
    await tiny.progress.join(who(), tiny.catalogue.default, visible=True)
    await tiny.progress.complete(who(BEN), node("b"))
    await tiny.privacy.set_visibility(ADA, hidden=True)
    kept = await tiny.privacy.kept(ADA)
    assert {table: rows for table, rows in kept.rows.items() if rows} == {
        "announcement": 1,
        "learner": 1,
        "member": 1,
        "milestone": 1,
        "study_day": 1,
        "tick": 3,
    }
    assert kept.hidden

    exported = json.loads(json.dumps(await tiny.privacy.export(ADA)))
    assert exported["learner_id"] == str(ADA)
    assert {name: len(rows) for name, rows in exported["tables"].items()} == kept.rows
    assert {(tick["route"], tick["title"]) for tick in exported["tables"]["tick"]} == {
        ("a/m/u1", "Unit u1"),
        ("a/m/u2", "Unit u2"),
        ("a/n", "Module n"),
    }

    assert await tiny.privacy.forget(ADA) == kept.rows
    assert await done(tiny) == set()
    assert set((await tiny.privacy.kept(ADA)).rows.values()) == {0}
    with pytest.raises(NothingYet):
        await tiny.progress.undo(who())
    assert await done(tiny, BEN) == {"b"}
    assert (await tiny.progress.complete(who(), node("b"))).applied.asks, "who comes back begins anew"


async def test_an_export_names_what_has_moved_or_left(tiny, node, who, study_of, course):
    for route in ("a/n", "b", "c"):
        await tiny.progress.complete(who(), node(route))
    study = await study_of(course({"a": {}, "d": {}}, renamed={"b": "d"}))
    exported = (await study.privacy.export(ADA))["tables"]["tick"]
    assert {tick["route"]: tick["title"] for tick in exported} == {"a/n": None, "b": "Path d", "c/m/u1": None}
    study = await study_of(course({"x": {}}, code="T-2"))
    assert {tick["title"] for tick in (await study.privacy.export(ADA))["tables"]["tick"]} == {None}
