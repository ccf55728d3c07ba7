"""Who sees a server's course in Discord: its members there, its learners in direct messages, and nobody else."""

import pytest

from bot.core.course.server_course import CourseFiles
from bot.errors import NotAllowed
from bot.study import Asker, Study
from bot.study.server_courses import Replaces
from bot.views.buttons import custom_id
from tests.cogs.conftest import text_of
from tests.conftest import READER, course_text
from tests.course_upload.conftest import manager

__all__ = ["manager"]

TREE = {"zqpath": {"zqm": ["u1", "u2"], "zqn": ["u1"]}}


async def published(sim, server=None):
    """Publish a course and make it the server's."""
    server = server or sim.guild.id
    course = await sim.study.server_courses.publish(server, sim.ada.id, CourseFiles(course_text(TREE, "ZQ-1")))
    await sim.study.servers.set_course(server, course.id)
    return course


async def test_members_study_the_course_of_their_server(sim, rows):
    course = await published(sim)
    assert "ZQ-1" in (await sim.command(sim.bruno, "start")).text
    assert "Unit u2" in (await sim.command(sim.bruno, "complete", what="zqpath/zqm/u2")).text
    assert rows("select course, route from tick") == [(course.id, "zqpath/zqm/u2")]
    assert "ZQ-1" in (await sim.command(sim.bruno, "overview")).text
    assert "zqpath" in (await sim.command(sim.bruno, "paths")).text
    assert "ZQ-1" in (await sim.command(sim.bruno, "progress")).text
    await sim.command(sim.bruno, "undo")
    assert rows("select count(*) from tick") == [(0,)]


async def test_autocomplete_offers_it_there_and_in_its_learners_direct_messages(sim):
    course = await published(sim)
    offered = {"ZQ-1 Course ZQ-1": course.id}
    assert await sim.offered(sim.bruno, "overview", "course", "zq") == offered
    assert await sim.offered(sim.bruno.user, "overview", "course", "zq") == {}
    await sim.command(sim.bruno, "complete", what="zqpath/zqm/u2")
    assert await sim.offered(sim.bruno.user, "overview", "course", "zq") == offered
    assert await sim.offered(sim.cleo.user, "overview", "course", "zq") == {}
    assert "Course ZQ-1" in (await sim.command(sim.bruno.user, "overview", course=course.id)).text


async def test_its_learners_have_it_in_their_own_start_in_any_server(sim, rows):
    course = await published(sim, server=4242)
    with await sim.study.scope.enter(4242, sim.bruno.id):
        unit = sim.study.catalogue.course(course.id).nodes["zqpath/zqm/u1"]
        await sim.study.progress.complete(Asker(sim.bruno.id, 4242, "Bruno"), unit)
    offered = {"ZQ-1 Course ZQ-1": course.id}
    assert await sim.offered(sim.bruno, "start", "course", "zq") == offered
    assert await sim.offered(sim.bruno, "overview", "course", "zq") == {}, "only in what is their own"
    assert await sim.offered(sim.cleo, "start", "course", "zq") == {}
    home = await sim.command(sim.bruno, "start", course=course.id)
    assert "Unit u2" in home.text
    assert "Visible" not in home.buttons, "it has no study group here"
    done = await sim.click(sim.bruno, home, "Done")
    assert "Unit u2" in done.text
    assert "Visible" not in done.buttons
    who = Asker(sim.bruno.id, sim.guild.id, "Bruno")
    with await sim.study.scope.enter(who.server, who.learner, own=True):
        found = sim.study.catalogue.course(course.id)
        with pytest.raises(NotAllowed, match="where you study this course"):
            await sim.study.progress.join(who, found, visible=True)
        with pytest.raises(NotAllowed, match="only in a server that has the course"):
            await sim.study.announcements.claim(who, found.paths[0], sim.channel.id)
    assert rows("select route, server_id from tick order by route") == [
        ("zqpath/zqm/u1", 4242),
        ("zqpath/zqm/u2", None),
    ]
    assert rows("select count(*) from member") == [(0,)]
    assert "There is no course" in (await sim.command(sim.bruno, "overview", course=course.id)).text


async def test_a_manager_sets_up_a_server_with_its_own_courses_only(sim, manager):
    course = await published(sim, server=4242)
    with await sim.study.scope.enter(4242, manager.id):
        unit = sim.study.catalogue.course(course.id).nodes["zqpath/zqm/u1"]
        await sim.study.progress.complete(Asker(manager.id, 4242, "Mona"), unit)
    page = await sim.click(manager, await sim.command(manager, "setup"), "Checklist")
    settings = await sim.click(manager, page, "Settings")
    assert "AZ-900" in str(settings.message.components)
    assert "ZQ-1" not in str(settings.message.components)


@pytest.mark.parametrize("elsewhere", ["server", "direct message"])
async def test_a_stranger_with_a_forged_button_learns_nothing(sim, elsewhere, rows):
    course = await published(sim, server=4242)
    node = READER.read(course_text(TREE, "ZQ-1"), "x", course.id).nodes["zqpath/zqm/u1"]
    who = sim.bruno if elsewhere == "server" else sim.bruno.user
    verbs = sorted(verb for is_form, verb in sim.bot._component_handlers if not is_form)
    assert len(verbs) > 50
    for verb in verbs:
        for state in ((course.id, "1"), (node.key,)):
            forged = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id("", verb, *state)}
            message = sim.old_message(forged, to=None if who is sim.bruno else who)
            reply = await sim.press(who, forged["custom_id"], message)
            if reply.result.modal is None:
                assert "zq" not in reply.text.lower().replace(course.id.removeprefix("~"), ""), (verb, state)
    assert "There is no course" in (await sim.command(who, "overview", course=course.id)).text
    assert "zqpath" not in (await sim.command(who, "paths", find="zqpath")).text.replace("“zqpath”", "")
    for table in ("tick", "member", "exam", "reminder", "card", "mock"):
        assert rows(f"select count(*) from {table} where course = ?", course.id) == [(0,)]


async def test_a_button_works_after_a_restart_and_a_new_version(sim, rows):
    course = await published(sim)
    reply = await sim.command(sim.bruno, "next")
    renamed = CourseFiles(course_text({"zqpath": {"zqm": ["first", "u2"], "zqn": ["u1"]}}, "ZQ-1"))
    other = await Study.open(sim.store, sim.study.catalogue, now=sim.study.now)
    await other.server_courses.publish(
        sim.guild.id, sim.ada.id, renamed, replaces=Replaces(course.id, 1),
        mapping={"zqpath/zqm/u1": "zqpath/zqm/first"},
    )  # fmt: skip
    await sim.restart()
    assert "Unit first" in (await sim.click(sim.bruno, reply, "Done")).text
    assert rows("select course, route from tick") == [(course.id, "zqpath/zqm/first")]


async def test_progress_names_what_the_course_no_longer_has(sim):
    course = await published(sim)
    for part in ("zqm/u1", "zqm/u2", "zqn/u1"):
        await sim.command(sim.bruno, "complete", what=f"zqpath/{part}")
    shorter = CourseFiles(course_text({"zqpath": {"zqn": ["u1"]}}, "ZQ-1"))
    await sim.study.server_courses.publish(sim.guild.id, sim.ada.id, shorter, replaces=Replaces(course.id, 1))
    shown = await sim.command(sim.bruno, "progress")
    assert "-# Also completed, but no longer in the course: Unit u1, Unit u2" in shown.text


async def test_the_digest_and_reminders_of_the_course_are_sent(reminder_sim):
    sim = reminder_sim
    course = await published(sim)
    with await sim.study.scope.enter(sim.guild.id, 0):
        await sim.set_up(2, course=course.id)
    await sim.ask(2)
    await sim.command(sim.ada, "complete", what="zqpath/zqm/u2")
    await sim.wait(180)
    stored = sim.env.backend.messages[sim.channel.id].values()
    (digest,) = [text for text in (text_of(each.components) for each in stored) if "completed" in text]
    assert "Unit u2" in digest
    assert any("Unit u1" in text and "Test message" not in text for text in sim.texts())


async def test_a_removed_course_leaves_the_default_one(sim):
    course = await published(sim)
    await sim.command(sim.bruno, "complete", what="zqpath/zqm/u2")
    await sim.study.server_courses.remove(sim.guild.id, course.id)
    assert "AZ-104" in (await sim.command(sim.bruno, "start")).text
    kept = (await sim.privacy(sim.bruno)).text
    assert "zq" not in kept.lower()
