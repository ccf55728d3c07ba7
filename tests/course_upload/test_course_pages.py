"""Managers upload, preview, publish and change courses of their server."""

import io
import zipfile
from itertools import count

from bot.core.authoring.templates import templates
from bot.core.authoring.upload import read_upload
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import CourseFiles
from bot.study.server_courses import Replaces
from tests.cogs.conftest import parts
from tests.core.authoring.test_upload import BYTES, CSV, changed

NAV = ("nav.yaml", BYTES)
SHEET = ("questions.csv", CSV)
FILES = read_upload({"nav.yaml": BYTES, "questions.csv": CSV}, None, CourseReader()).files
BARE = CourseFiles(FILES.course)
NUMBERS = count(1)
SAME = "“Buoys”: ID buoys is now marks (same title, same position)"


async def pages(sim, who):
    panel = await sim.command(who, "setup")
    return await sim.click(who, panel, "Courses")


async def upload(sim, who, on, label, *files):
    form = await sim.click(who, on, label)
    return await sim.fill(who, form, files=list(files))


async def published(sim, who, files=FILES, **more):
    """Publish without Discord: an upload starts a process, which takes a second."""
    return await sim.study.server_courses.publish(sim.guild.id, who.id, files, **more)


async def draft(sim, who, old, new, course):
    """Store a draft in which one text is changed, and show its preview."""
    files = CourseFiles(BARE.course.replace(old, new))
    found = await sim.study.course_drafts.add(sim.guild.id, who.id, next(NUMBERS), files, course.id)
    return await sim.press_old(who, f"wm1:courselook:{found.draft.number}")


async def test_a_course_is_uploaded_previewed_and_published(sim, manager):
    empty = await pages(sim, manager)
    assert "a page of links is enough to start" in empty.text
    preview = await upload(sim, manager, empty, "Add", NAV, SHEET)
    assert preview.private
    assert "### Preview: NAV-1" in preview.text
    assert "2 learning paths · 2 modules · 3 units · 15 min · 2 questions" in preview.text
    assert "Links lead to coast.example, tides.example." in preview.text
    for page, expected in {
        "Overview": "Coastal navigation", "Learning paths": "Charts", "A module": "Buoys", "A question": "port buoy",
    }.items():  # fmt: skip
        look = await sim.choose(manager, preview, page, "courselook")
        assert expected in look.text
        assert not look.buttons
    publish = preview.custom_id("Publish")
    await sim.restart()
    done = await sim.click(manager, preview, "Publish")
    assert "NAV-1 is published" in done.text
    opened = await sim.click(manager, done, "Open")
    assert "Version 1" in opened.text
    paths = await sim.command(sim.bruno, "paths", course="NAV-1")
    assert "Charts" in paths.text
    again = await sim.press_old(manager, publish)
    assert "This preview is too old" in again.text


async def test_problems_are_listed_and_nothing_is_stored(sim, manager):
    form = await sim.click(manager, await pages(sim, manager), "Add")
    reply = await sim.fill(manager, form, files=[("nav.yaml", changed("minutes: 5", "minutes: 0"))])
    assert "3 problems found" in reply.text
    assert "Nothing was saved" in reply.text
    assert "nav.yaml:14: paths" in reply.text
    many = "\n".join(f"key{number}: 1" for number in range(20)).encode()
    form = await sim.click(manager, await pages(sim, manager), "Add")
    reply = await sim.fill(manager, form, files=[("nav.yaml", BYTES + many)])
    assert "The first 10 of 20" in reply.text
    [attachment] = reply.message.attachments
    assert sim.env.backend.cdn.get(attachment.url).count(b"\n") == 19
    assert "page of links is enough" in (await pages(sim, manager)).text


async def test_a_new_version_shows_what_it_does_to_progress(sim, manager):
    await published(sim, manager, BARE)
    await sim.command(sim.bruno, "complete", what="charts", course="NAV-1")
    course = await open_course(sim, manager)
    new = changed("buoys, title: Buoys", "marks, title: Buoys").replace(
        b"      - id: heights", b"      - id: streams\n        title: Streams\n      - id: heights"
    )
    preview = await upload(sim, manager, course, "Replace", ("nav.yaml", new))
    assert "Compared with version 1:" in preview.text
    assert "1 module added" in preview.text
    assert "1 unit renamed" in preview.text
    assert "1 learner: nobody loses progress" in preview.text
    assert list(preview.options("coursesame")) == [SAME]
    done = await sim.click(manager, preview, "Publish")
    assert "Version 2" in done.text
    told = await sim.command(sim.bruno, "paths", course="NAV-1")
    assert "NAV-1 was updated:** 1 module added, 1 unit renamed." in told.text
    assert "was updated" not in (await sim.command(sim.bruno, "paths", course="NAV-1")).text


async def test_a_rejected_guess_loses_what_it_says(sim, manager):
    course = await published(sim, manager, BARE)
    await sim.command(sim.bruno, "complete", what="charts", course="NAV-1")
    preview = await draft(sim, manager, "buoys, title: Buoys", "marks, title: Buoys", course)
    assert "nobody loses progress" in preview.text
    rejected = await sim.press(manager, preview.select_id("coursesame"), preview.message)
    assert "1 loses 1 completed unit" in rejected.text
    accepted = await sim.choose(manager, rejected, SAME, "coursesame")
    assert "nobody loses progress" in accepted.text


async def open_course(sim, who):
    listed = await pages(sim, who)
    return await sim.choose(who, listed, "NAV-1: Coastal navigation", "servercourse")


async def test_versions_can_be_restored_by_one_of_two_managers(sim, manager):
    course = await published(sim, manager, BARE, summary="First version")
    old = await draft(sim, manager, "Coastal", "Inshore", course)
    new = await draft(sim, manager, "Coastal", "Offshore", course)
    assert "too old" in (await sim.click(manager, old, "Publish")).text
    assert "Version 2" in (await sim.click(manager, new, "Publish")).text
    listed = await sim.click(manager, await pages_of(sim, manager, "NAV-1: Offshore navigation"), "Versions")
    assert "First version" in listed.text
    assert "Other texts" in listed.text
    asked = await sim.choose(manager, listed, "Version 1", "courseback")
    again = asked.custom_id("Go back to version 1")
    back = await sim.click(manager, asked, "Go back to version 1")
    assert "version 3 is published" in back.text
    assert "Coastal navigation" in back.text
    assert "Another manager changed this course" in (await sim.press_old(manager, again)).text


async def test_a_draft_of_an_outdated_version_is_refused(sim, manager):
    course = await published(sim, manager)
    preview = await draft(sim, manager, "Coastal", "Inshore", course)
    files = CourseFiles(FILES.course.replace("Coastal", "Offshore"))
    await published(sim, sim.ada, files, replaces=Replaces(course.id, 1))
    assert "Another manager changed this course" in (await sim.click(manager, preview, "Publish")).text


async def pages_of(sim, who, label):
    return await sim.choose(who, await pages(sim, who), label, "servercourse")


async def test_a_course_can_be_removed_and_brought_back(sim, manager):
    await published(sim, manager)
    asked = await sim.click(manager, await open_course(sim, manager), "Remove")
    gone = await sim.click(manager, asked, "Remove")
    assert "NAV-1 was removed" in gone.text
    assert "no course" in (await sim.command(sim.bruno, "paths", course="NAV-1")).text
    back = await sim.click(manager, gone, "Undo")
    assert "NAV-1 is back" in back.text
    assert "Charts" in (await sim.command(sim.bruno, "paths", course="NAV-1")).text


async def test_an_export_can_be_uploaded_again(sim, manager):
    await published(sim, manager)
    sent = await sim.click(manager, await open_course(sim, manager), "Export")
    [attachment] = sent.message.attachments
    content = sim.env.backend.cdn.get(attachment.url)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["charts.yaml", "nav-1.yaml"]
        assert archive.read("nav-1.yaml") == BYTES
    preview = await upload(sim, manager, await open_course(sim, manager), "Replace", ("nav.zip", content))
    assert "No changes" in preview.text


async def test_templates_are_attached(sim, manager):
    reply = await sim.click(manager, await pages(sim, manager), "Template")
    assert [each.filename for each in reply.message.attachments] == [*templates()]


async def test_another_server_adds_a_copy_with_a_code(sim, manager):
    await published(sim, manager)
    shared = await sim.click(manager, await open_course(sim, manager), "Share")
    code = next(word.strip("`.") for word in shared.text.split() if word.startswith("`"))
    form = await sim.click(manager, await pages(sim, manager), "Add with a code")
    reply = await sim.fill(manager, form, code=code)
    assert "### Preview: NAV-1" in reply.text
    assert "There already is a course NAV-1 here" in (await sim.click(manager, reply, "Publish")).text


async def test_only_managers_upload(sim):
    assert "Manage Server" in (await sim.press_old(sim.bruno, "wm1:courseupload:add")).text
    assert "Manage Server" in (await sim.press_old(sim.bruno, "wm1:coursepublish:1")).text
    components = [part.get("custom_id") for part in parts((await sim.command(sim.bruno, "start")).message.components)]
    assert not any("course" in (each or "") for each in components if each and "upload" in each)


async def test_uploads_are_limited(sim, manager):
    for _ in range(10):
        await sim.study.server_courses.count_upload(sim.guild.id)
    reply = await upload(sim, manager, await pages(sim, manager), "Add", NAV)
    assert "uploaded 10 times within an hour" in reply.text
