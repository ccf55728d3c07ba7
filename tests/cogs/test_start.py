"""``/start``: a newcomer's first steps, the home panel, and everything behind More."""

from datetime import date

import pytest
from simcord.enums import InteractionType

from bot.study import Asker
from tests.cogs.conftest import text_of

FIRST = "Understand Microsoft Entra ID"


async def complete(sim, who, route):
    await sim.study.progress.complete(Asker(who.id, sim.guild.id, ""), sim.study.catalogue.default.nodes[route])


async def test_a_newcomer_is_told_what_it_is_for_and_who_sees_what(sim, rows):
    reply = await sim.command(sim.ada, "start")
    assert reply.private
    assert "### Welcome to Waymark" in reply.text
    assert "Only you see your progress until you choose otherwise." in reply.text
    assert reply.buttons == ["Get started", "Skip", "About the course"]
    assert rows("select * from learner") == rows("select * from member") == []


async def test_the_first_steps_in_one_form(sim, rows):
    form = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Get started")
    home = await sim.fill(
        sim.ada, form, course=["az-900"], exam="in 4 weeks", zone="Berlin", group="visible"
    )  # fmt: skip
    assert "✅ Exam date: Friday, December 18, 2026." in home.text
    assert "✅ Time zone: Berlin, UTC+1 in January and UTC+2 in July." in home.text
    assert "### AZ-900 · " in home.text
    assert "Exam in 28 days" in home.text
    assert rows("select course, zone from learner") == [("az-900", "Europe/Berlin")]
    assert rows("select exam_on, shared from exam") == [("2026-12-18", 0)]
    assert rows("select course, left_at from member") == [("az-900", None)]


async def test_every_step_can_be_skipped(sim, rows):
    welcome = await sim.command(sim.ada, "start")
    skipped = await sim.click(sim.ada, welcome, "Skip")
    assert "**Next:**" in skipped.text
    assert rows("select * from learner") == [], "looking changes nothing"
    form = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Get started")
    home = await sim.fill(sim.ada, form)
    assert "**Next:**" in home.text
    assert rows("select course, zone from learner") == [("az-104", None)]
    assert rows("select * from exam") == []
    assert rows("select left_at is not null from member") == [(1,)], "hidden is preselected, and remembered"


async def test_a_field_that_cant_be_read_doesnt_lose_the_others(sim, rows):
    form = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Get started")
    home = await sim.fill(sim.ada, form, exam="whenever", zone="Mars", course=["az-900"])
    assert "⚠️ “Mars” isn't a time zone I recognize." in home.text
    assert "⚠️ “whenever” isn't a date I understand." in home.text
    assert "### AZ-900 · " in home.text
    assert rows("select course, zone from learner") == [("az-900", None)]
    again = await sim.click(sim.bruno, await sim.command(sim.bruno, "start"), "Get started")
    again = await sim.fill(sim.bruno, again, exam="3/4", zone="IST")
    assert "If you meant Saturday, April 3, 2027, change it in your plan." in again.text
    assert "can mean several time zones" in again.text
    assert rows("select exam_on from exam") == [("2027-03-04",)]


async def test_the_form_survives_a_restart_and_a_stranger_answers_for_themselves(sim, rows):
    form = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Get started")
    await sim.restart()
    assert "**Next:**" in (await sim.fill(sim.ada, form, zone="Tokyo")).text
    welcome = await sim.command(sim.bruno, "start")
    await sim.press(sim.cleo, welcome.custom_id("Skip"), welcome.message)
    assert rows("select zone from learner") == [("Asia/Tokyo",)]


async def test_home_shows_the_next_unit_what_is_due_and_the_exam(sim, clock):
    await complete(sim, sim.ada, "prerequisites")
    await sim.set_plan(sim.ada, exam="2026-12-30", hours="6")
    home = await sim.command(sim.ada, "start")
    assert home.private
    assert "### AZ-104 · " in home.text
    assert "**Next:**" in home.text
    assert "Exam in 40 days, on track" in home.text
    (attachment,) = home.message.attachments
    assert attachment.filename == "home.png"
    assert "questions due" in home.text or "No questions due" in home.text
    assert {"Done", "Open", "Review", "Plan", "Readiness", "More"} <= {label.split(" (")[0] for label in home.buttons}


async def test_done_completes_the_next_unit(sim, rows):
    await complete(sim, sim.ada, "prerequisites")
    before = rows("select count(*) from tick")
    done = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Done")
    assert "Undo" in done.buttons
    assert rows("select count(*) from tick")[0][0] == before[0][0] + 1


async def test_nothing_is_visible_before_the_member_chooses(sim, rows):
    await complete(sim, sim.ada, "prerequisites")
    home = await sim.command(sim.ada, "start")
    assert "Yours is private until you choose" in home.text
    assert rows("select * from member") == []
    await sim.click(sim.ada, home, "Visible")
    assert rows("select left_at from member") == [(None,)]
    assert "Yours is private" not in (await sim.command(sim.ada, "start")).text


async def test_after_everything_is_completed(sim):
    for path in sim.study.catalogue.default.paths:
        await complete(sim, sim.ada, path.route)
    home = await sim.command(sim.ada, "start")
    assert "You've completed everything." in home.text
    assert "Done" not in home.buttons


async def test_more_opens_the_calendar_and_leads_back(sim):
    await complete(sim, sim.ada, "prerequisites")
    more = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "More")
    assert more.message.attachments == [], "the picture of home is gone"
    calendar = await sim.click(sim.ada, more, "Study calendar")
    assert "**1-day streak** · best 1 day" in calendar.text
    assert calendar.message.attachments[0].filename == "calendar.png"
    back = await sim.click(sim.ada, await sim.click(sim.ada, calendar, "Back"), "Back")
    assert "**Next:**" in back.text


async def test_every_button_behind_more_works(sim):
    await complete(sim, sim.ada, "prerequisites")
    more = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "More")
    for label in more.buttons:
        more = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "More")
        reply = await sim.click(sim.ada, more, label)
        text = text_of(reply.modal) if reply.result.modal else reply.text
        assert "no longer works" not in text, label
        assert "went wrong" not in text, label


async def test_a_course_of_ones_own_in_direct_messages(sim, rows):
    me = sim.ada.user
    await complete(sim, sim.ada, "prerequisites")
    more = await sim.click(me, await sim.command(me, "start"), "More")
    home = await sim.choose(me, await sim.click(me, more, "Switch course"), "AZ-900 Microsoft Azure Fundamentals")
    assert "### AZ-900 · " in home.text
    assert "Yours is private until" not in home.text, "there is no study group here"
    for command in ("start", "next", "paths", "plan", "review", "progress", "overview"):
        assert "AZ-900" in (await sim.command(me, command)).text, command
    assert "AZ-104" in (await sim.command(sim.ada, "next")).text or FIRST, "a server without a choice: also their own"
    assert rows("select course from learner") == [("az-900",)]


async def test_a_course_that_left_the_catalog_falls_back_to_the_default(sim, rows):
    await sim.study.learners.set_course(sim.ada.id, sim.study.catalogue.course("az-900"))
    rows("update learner set course = 'gone-1'")
    assert "AZ-104" in (await sim.command(sim.ada.user, "start")).text


@pytest.mark.parametrize("installed", [False, True])
async def test_a_server_without_the_bot_counts_as_none(sim, rows, installed):
    """A member who installed the bot for themselves can use it in any server, where it has no study group."""
    owners = {"1": str(sim.ada.id)} | ({"0": str(sim.guild.id)} if installed else {})
    await complete(sim, sim.bruno, "prerequisites")
    known = next(each for each in sim.env.backend.commands[None].values() if each["name"] == "complete")
    data = {
        "id": known["id"], "name": "complete", "type": 1,
        "options": [{"name": "what", "type": 3, "value": "monitor/intro-to-azure-backup"}],
    }  # fmt: skip
    reply = await sim.dispatch(
        sim.ada, InteractionType.APPLICATION_COMMAND, data, extra={"authorizing_integration_owners": owners}
    )
    assert ("Visible" in reply.buttons) == installed
    stored = rows("select distinct server_id from tick where learner_id = ?", sim.ada.id)
    assert stored == [(sim.guild.id if installed else None,)]


@pytest.mark.parametrize(
    ("retires", "says"),
    [
        ("2027-11-20", "⚠️ Retires on November 20, 2027. Its successor is **T-2**."),
        ("2027-11-21", ""),
        ("2026-11-19", "⚠️ Retired on November 19, 2026. Its successor is **T-2**."),
    ],
)
async def test_an_exam_that_ends_within_a_year_is_announced_with_its_successor(sim, course, retires, says):
    exam = {"pass_mark": 700, "out_of": 1000, "minutes": 60}
    ending = course({"a": {"m": ["u"]}}, exam=exam, retires=date.fromisoformat(retires), successor="T-2")
    await sim.restart(ending)
    welcome = await sim.command(sim.ada, "start")
    home = await sim.click(sim.ada, welcome, "Skip")
    for shown in (welcome, home):
        assert says in shown.text
        assert ("Its successor" in shown.text) is bool(says)
    overview = await sim.command(sim.ada, "overview")
    details = await sim.click(sim.ada, overview, "More")
    for shown in (overview, details) if says else ():
        assert says.split(". ")[1] in shown.text
