"""Courses of servers: publish, replace, roll back, share, remove, and what survives."""

import asyncio
from datetime import timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.course.progress import Progress
from bot.core.course.server_course import MAX_BYTES, MAX_UNITS, CourseFiles, carry, chained, is_servers, reverse
from bot.errors import BadInput, BrokenCourse, NotAllowed, NotFound, Stale
from bot.study import Asker, Study
from bot.study.server_courses import Replaces
from tests.conftest import READER, course_text
from tests.review.conftest import single

TREE = {"a": {"m": ["u1", "u2"], "n": ["u1"]}}
RENAMED = {"a": {"m": ["u1", "second"], "n": ["u1"]}}
BOSS, OTHER = 50, 51


def files_of(tree=None, code="NET-1", **more):
    return CourseFiles(course_text(tree or TREE, code, **more))


async def complete(study, course, *routes, learner=1, server=700):
    with await study.scope.enter(server, learner):
        node = study.catalogue.courses[course].nodes
        for route in routes:
            await study.progress.complete(Asker(learner, server, "A"), node[route])


async def done(study, course, learner=1, server=700):
    """The routes of the current version that a learner has completed, and the percentage."""
    with await study.scope.enter(server, learner):
        found = study.catalogue.courses[course]
        progress = await study.progress.of(learner, found)
        return {leaf for leaf in found.leaves if progress.is_done(found.nodes[leaf])}, progress.whole.percent


async def test_a_published_course_has_an_id_that_no_code_can_be(study):
    course = await study.server_courses.publish(700, BOSS, files_of())
    assert is_servers(course.id)
    with pytest.raises(BrokenCourse):
        READER.read(course_text(TREE, course.id), "x.yaml")
    other = await study.server_courses.publish(800, BOSS, files_of())
    assert (course.code, course.version) == (other.code, other.version) == ("NET-1", 1)
    assert course.id != other.id


async def test_equal_files_are_stored_once(study, rows):
    for server in (700, 800, 900):
        await study.server_courses.publish(server, BOSS, files_of())
    assert rows("select count(*) from course_text") == [(1,)]
    assert rows("select count(*) from server_course_version") == [(3,)]


async def test_export_returns_the_files_as_uploaded(study):
    questions = {"questions": [single("m1", "m", references=["https://x.example/a"])]}
    files = CourseFiles(files_of().course, {"a.yaml": yaml.safe_dump(questions)})
    course = await study.server_courses.publish(700, BOSS, files)
    assert await study.server_courses.files(700, course.id) == files
    with await study.scope.enter(700, 1):
        assert [*study.catalogue.banks[course.id].questions] == ["m1"]
    with pytest.raises(NotFound):
        await study.server_courses.files(800, course.id)


async def test_two_managers_cannot_replace_the_same_version(study):
    course = await study.server_courses.publish(700, BOSS, files_of())
    replaces = Replaces(course.id, 1)
    outcomes = await asyncio.gather(
        *(
            study.server_courses.publish(700, who, files_of(title=f"By {who}"), replaces=replaces)
            for who in (BOSS, OTHER)
        ),
        return_exceptions=True,
    )
    published = [each for each in outcomes if not isinstance(each, Exception)]
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Stale]
    assert [each.version for each in published] == [2]
    versions = await study.server_courses.versions(700, course.id)
    assert [each.number for each in versions] == [2, 1]
    assert published[0].title == f"By {versions[0].published_by}"


async def test_renamed_parts_keep_their_ticks_and_a_roll_back_keeps_later_ones(study, rows):
    course = await study.server_courses.publish(700, BOSS, files_of())
    await complete(study, course.id, "a/m/u2")
    mapping = {"a/m/u2": "a/m/second"}
    await study.server_courses.publish(700, BOSS, files_of(RENAMED), replaces=Replaces(course.id, 1), mapping=mapping)
    assert (await done(study, course.id))[0] == {"a/m/second"}
    await complete(study, course.id, "a/m/second", learner=2)
    await complete(study, course.id, "a/n/u1")
    back = await study.server_courses.roll_back(700, BOSS, Replaces(course.id, 2), 1)
    assert back.version == 3
    assert (await done(study, course.id))[0] == {"a/m/u2", "a/n/u1"}
    assert (await done(study, course.id, 2))[0] == {"a/m/u2"}
    assert rows("select count(*) from tick") == [(3,)]


async def test_a_tick_made_with_an_older_version_in_memory_counts(study, study_on, clock):
    """A process that doesn't know of the new version yet writes routes of the old one."""
    course = await study.server_courses.publish(700, BOSS, files_of())
    late = await study_on()
    assert late.scope._known.keys() == {course.id}
    await study.server_courses.publish(
        700, BOSS, files_of(RENAMED), replaces=Replaces(course.id, 1), mapping={"a/m/u2": "a/m/second"}
    )
    await complete(late, course.id, "a/m/u2")
    assert (await done(study, course.id))[0] == {"a/m/second"}


async def test_another_process_learns_of_a_course_within_five_seconds(study, study_on, clock):
    other = await study_on()
    course = await study.server_courses.publish(700, BOSS, files_of())
    clock.move(seconds=5)
    assert (await done(other, course.id))[1] == 0
    await study.server_courses.publish(700, BOSS, files_of(RENAMED), replaces=Replaces(course.id, 1))
    clock.move(seconds=5)
    with await other.scope.enter(700, 1):
        assert "a/m/second" in other.catalogue.courses[course.id].nodes
    await study.server_courses.remove(700, course.id)
    clock.move(seconds=5)
    with await other.scope.enter(700, 1):
        assert course.id not in other.catalogue.courses


async def test_a_course_is_visible_only_in_its_server_and_to_its_learners(study):
    course = await study.server_courses.publish(700, BOSS, files_of())
    await complete(study, course.id, "a/m/u1")

    async def visible(server, learner):
        with await study.scope.enter(server, learner):
            seen = course.id in study.catalogue.courses
            assert seen == any(each.id == course.id for each in study.catalogue.offer_courses("net"))
            assert seen == any(hit.course.id == course.id for hit in study.catalogue.search("unit u1", list(study.catalogue.courses.values()), 50))  # fmt: skip  # noqa: E501
            if not seen:
                with pytest.raises(NotFound):
                    study.course(server, course.id)
                with pytest.raises(Stale):
                    study.catalogue.by_key(READER.read(course_text(TREE), "x", course.id).paths[0].key)
            return seen

    assert await visible(700, 2)
    assert await visible(None, 1), "its learner, in direct messages"
    assert not await visible(None, 2)
    assert not await visible(800, 1)
    assert course.id not in study.catalogue.courses, "outside of any interaction"


async def test_tasks_at_the_same_time_see_their_own_courses(study):
    ids = {server: (await study.server_courses.publish(server, BOSS, files_of())).id for server in (700, 800)}

    async def seen(server):
        with await study.scope.enter(server, 1):
            await asyncio.sleep(0)
            return {course for course in study.catalogue.courses if is_servers(course)}

    assert await asyncio.gather(seen(700), seen(800), seen(900)) == [{ids[700]}, {ids[800]}, set()]


async def test_a_server_can_have_five_courses_each_with_a_code_of_its_own(study):
    for number in range(5):
        await study.server_courses.publish(700, BOSS, files_of(code=f"NET-{number}"))
    with pytest.raises(NotAllowed, match="5 courses"):
        await study.server_courses.publish(700, BOSS, files_of(code="NET-9"))
    first, second, *_ = sorted(await study.server_courses.list(700), key=lambda course: course.code)
    await study.server_courses.remove(700, first.id)
    with pytest.raises(BadInput):
        await study.server_courses.publish(700, BOSS, files_of(code="net-1"))
    with pytest.raises(BadInput):
        await study.server_courses.publish(700, BOSS, files_of(code="AZ-104"))
    with pytest.raises(BadInput):
        await study.server_courses.publish(700, BOSS, files_of(code="NET-2"), replaces=Replaces(second.id, 1))
    await study.server_courses.publish(700, BOSS, files_of(code="NET-9"))
    with pytest.raises(NotAllowed):
        await study.server_courses.restore(700, first.id)


async def test_files_beyond_the_limits_are_refused(study):
    with pytest.raises(BrokenCourse, match="512 KB"):
        await study.server_courses.publish(700, BOSS, CourseFiles(files_of().course + "#" * MAX_BYTES))
    many = {"a": {f"m{number}": [f"u{unit}" for unit in range(50)] for number in range(MAX_UNITS // 50)}}
    await study.server_courses.publish(700, BOSS, files_of(many))
    many["b"] = {"m": ["u"]}
    with pytest.raises(BrokenCourse, match="2,001 units"):
        await study.server_courses.publish(700, BOSS, files_of(many, "NET-2"))
    assert len(await study.server_courses.list(700)) == 1


async def test_ten_uploads_within_an_hour_in_all_processes(study, study_on, clock):
    other = await study_on()
    for number in range(10):
        await (study, other)[number % 2].server_courses.count_upload(700)
        clock.move(minutes=1)
    for process in (study, other):
        with pytest.raises(NotAllowed, match="10 times"):
            await process.server_courses.count_upload(700)
    await study.server_courses.count_upload(800)
    clock.move(minutes=50, seconds=30)
    await other.server_courses.count_upload(700)
    with pytest.raises(NotAllowed):
        await study.server_courses.count_upload(700)


async def test_uploads_can_be_turned_off(study, store, catalogue, clock):
    course = await study.server_courses.publish(700, BOSS, files_of())
    off = await Study.open(store, catalogue, now=clock.now, server_courses=False)
    with pytest.raises(NotAllowed):
        await off.server_courses.count_upload(700)
    with pytest.raises(NotAllowed):
        await off.server_courses.publish(700, BOSS, files_of(code="NET-2"))
    assert (await done(off, course.id))[1] == 0, "a published course stays"


async def test_a_shared_course_is_copied_and_updates_are_offered(study):
    mine = await study.server_courses.publish(700, BOSS, files_of())
    code = await study.course_sharing.share(700, mine.id)
    assert code == await study.course_sharing.share(700, mine.id)
    shared = await study.course_sharing.shared(f" {code.upper()} ")
    copy = await study.server_courses.publish(800, OTHER, shared.files, origin=shared.origin)
    assert copy.origin.course == mine.id
    assert await study.course_sharing.update(copy) is None
    await study.server_courses.publish(700, BOSS, files_of(RENAMED), replaces=Replaces(mine.id, 1))
    update = await study.course_sharing.update(copy)
    assert (await study.server_courses.get(800, copy.id)).version == 1, "offered, not forced"
    copy = await study.server_courses.publish(
        800, OTHER, update.files, replaces=Replaces(copy.id, 1), origin=update.origin
    )
    assert await study.server_courses.files(800, copy.id) == files_of(RENAMED)
    assert await study.course_sharing.update(copy) is None
    await study.course_sharing.unshare(700, mine.id)
    with pytest.raises(NotFound):
        await study.course_sharing.shared(code)
    with pytest.raises(NotFound):
        await study.course_sharing.shared("wrong`code")


async def test_versions_can_be_restored_for_thirty_days(study, clock, rows):
    course = await study.server_courses.publish(700, BOSS, files_of())
    await study.server_courses.publish(700, BOSS, files_of(RENAMED), replaces=Replaces(course.id, 1))
    clock.move(days=29)
    await study.servers.purge()
    assert [each.number for each in await study.server_courses.versions(700, course.id)] == [2, 1]
    clock.move(days=2)
    assert [each.number for each in await study.server_courses.versions(700, course.id)] == [2]
    with pytest.raises(NotFound):
        await study.server_courses.roll_back(700, BOSS, Replaces(course.id, 2), 1)
    await study.servers.purge()
    assert rows("select number from server_course_version") == [(2,)]
    assert rows("select count(*) from course_text") == [(1,)]


async def test_a_removed_course_can_be_restored_and_is_deleted_after_thirty_days(study, clock, rows):
    course = await study.server_courses.publish(700, BOSS, files_of())
    await study.server_courses.remove(700, course.id)
    with pytest.raises(NotFound):
        await study.server_courses.get(700, course.id)
    clock.move(days=29)
    await study.servers.purge()
    with pytest.raises(NotFound):
        await study.server_courses.restore(800, course.id)
    assert (await study.server_courses.restore(700, course.id)).version == 1
    assert (await done(study, course.id))[1] == 0
    await study.server_courses.remove(700, course.id)
    clock.move(days=31)
    await study.servers.purge()
    for table in ("server_course", "server_course_version", "course_text"):
        assert rows(f"select count(*) from {table}") == [(0,)]


async def test_learners_keep_ticks_and_titles_of_a_server_that_removed_the_bot(study, clock, rows):
    course = await study.server_courses.publish(700, BOSS, files_of())
    await complete(study, course.id, "a/m/u1", "a/m/u2")
    await study.server_courses.publish(
        700, BOSS, files_of({"a": {"m": ["u1"]}}), replaces=Replaces(course.id, 1), summary="Shorter"
    )
    await study.servers.removed(700)
    clock.move(days=31)
    assert await study.servers.purge() == [700]
    with await study.scope.enter(None, 1):
        assert course.id not in study.catalogue.courses
    exported = await study.privacy.export(1)
    assert {tick["route"]: tick["title"] for tick in exported["tables"]["tick"]} == {
        "a/m/u1": "Unit u1", "a/m/u2": "Unit u2"
    }  # fmt: skip
    assert rows("select number from server_course_version") == [(2,)]
    await study.privacy.forget(1)
    await study.servers.purge()
    assert rows("select count(*) from server_course") == rows("select count(*) from course_text") == [(0,)]


async def test_who_published_is_exported_and_forgotten(study):
    course = await study.server_courses.publish(700, BOSS, files_of(), summary="First")
    (exported,) = (await study.privacy.export(BOSS))["tables"]["server_course_version"]
    assert (exported["course"], exported["summary"]) == (course.id, "First")
    await study.privacy.forget(BOSS)
    (version,) = await study.server_courses.versions(700, course.id)
    assert version.published_by is None


async def test_courses_are_released_when_unused(study, clock):
    ids = [(await study.server_courses.publish(700, BOSS, files_of(code=f"N-{each}"))).id for each in range(3)]
    with await study.scope.enter(700, 1):
        assert study.scope._loaded.keys() == set(ids)
        assert study.scope._parts == 3 * 6
    clock.move(hours=1, seconds=1)
    await study.scope.check()
    assert (len(study.scope._loaded), study.scope._parts) == (0, 0)
    assert (await done(study, ids[0]))[1] == 0


ROUTES = st.sampled_from(["a", "b", "c", "a/m", "b/m", "a/m/u", "b/n/u"])


@given(st.lists(st.dictionaries(ROUTES, ROUTES, max_size=4), max_size=5))
def test_a_chain_of_mappings_has_the_effect_of_its_parts(mappings):
    """A route that one mapping names ends where the mappings lead it, one after the other."""
    whole = chained(mappings)
    for number, mapping in enumerate(mappings[:1]):
        for old in mapping:
            now = old
            for each in mappings[number:]:
                now = chained([{"x": now}, each])["x"]
            assert whole[old] == now
    assert set(reverse(whole)) == set(whole.values())


@given(st.dictionaries(ROUTES, ROUTES, max_size=4), st.dictionaries(ROUTES, ROUTES, max_size=4))
def test_carried_routes_lead_from_former_to_current_parts(carried, mapping):
    course = READER.read(course_text(TREE), "x")
    kept = carry(carried, mapping, course)
    assert all(old not in course.nodes and new in course.nodes for old, new in kept.items())
    course.identify("~x", kept)
    assert Progress(course, ()).whole.percent == 0


async def test_an_unreadable_course_is_left_out(study, rows, store, catalogue, clock, logged):
    course = await study.server_courses.publish(700, BOSS, files_of())
    rows("update course_text set text = 'code: [broken'")
    later = await Study.open(store, catalogue, now=clock.now)
    with await later.scope.enter(700, 1):
        assert course.id not in later.catalogue.courses
    assert "can't be read" in logged.text
    clock.move(hours=2)
    replaced = await later.server_courses.publish(700, BOSS, files_of(RENAMED), replaces=Replaces(course.id, 1))
    assert replaced.version == 2
    assert (await done(later, course.id))[1] == 0
    assert clock.now() - replaced.created_at == timedelta(hours=2)
