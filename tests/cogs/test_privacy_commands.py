"""``/privacy``: stored data, export, visibility, announcements and deletion, on one panel."""

from datetime import date, datetime

from bot.study import Asker


def tables_with(rows, who):
    """Return the tables that contain a person's ID in any column."""
    names = [name for (name,) in rows("select name from sqlite_master where type = 'table'")]
    return {name for name in names for row in rows(f'select * from "{name}"') if str(who.id) in map(str, row)}


async def complete(sim, who, route="deploy", *, join=True):
    """Complete a part of AZ-104 in the server, as a member of its study group."""
    course = sim.study.catalogue.default
    asker = Asker(who.id, sim.guild.id, "")
    if join:
        await sim.study.progress.join(asker, course, visible=True)
    await sim.study.progress.complete(asker, course.nodes[route])


async def test_the_panel_lists_stored_data(sim):
    nothing = await sim.privacy(sim.ada)
    assert "Nothing is stored about you." in nothing.text
    assert "**Visible**: your study groups see your progress" in nothing.text
    keep = "Keep my quiz mistakes for review"
    assert nothing.buttons == ["Hide my progress", "Announce my paths", keep, "Download my data", "Delete my data"]
    await complete(sim, sim.ada)
    kept = await sim.privacy(sim.ada)
    assert "Progress: 48 completed units, 1 study day, 1 completed path" in kept.text
    assert "AZ-104 in Cloud study group, since <t:" in kept.text
    assert "Leave this study group" in kept.buttons


async def test_leaving_and_coming_back(sim, rows):
    await complete(sim, sim.ada)
    left = await sim.privacy(sim.ada, "Leave this study group")
    assert "AZ-104 in Cloud study group, left <t:" in left.text
    assert "48 completed units" in left.text
    await complete(sim, sim.ada, "monitor", join=False)
    assert rows("select left_at is null from member") == [(0,)], "completing something doesn't rejoin"
    back = await sim.click(sim.ada, left, "Rejoin this study group")
    assert "AZ-104 in Cloud study group, since <t:" in back.text


async def test_the_download_is_a_json_file_with_all_data(sim, clock, rows):
    done = clock.now()
    course = sim.study.catalogue.default
    await complete(sim, sim.ada, "deploy/configure-azure-app-services")
    alone = Asker(sim.ada.id, None, "")
    await sim.study.progress.complete(alone, course.nodes["monitor"], date(2026, 11, 1))
    await sim.privacy(sim.ada, "Announce my paths", "Hide my progress")
    await complete(sim, sim.bruno, "manage")
    reply = await sim.privacy(sim.ada, "Download my data")
    assert reply.private
    (attachment,) = reply.message.attachments
    assert attachment.filename == "waymark-export.json"
    data = sim.file(reply)
    assert data["learner_id"] == str(sim.ada.id)
    assert set(data["tables"]) >= tables_with(rows, sim.ada)
    ticks = {tick["route"]: tick for tick in data["tables"]["tick"]}
    assert len(ticks) == 13 + 13
    tick = ticks["deploy/configure-azure-app-services/6-add-deployment-slots"]
    assert tick["title"] == "Add deployment slots"
    assert tick["course"] == "az-104"
    assert tick["server_id"] == str(sim.guild.id), "as text: JSON readers lose digits of such numbers"
    assert datetime.fromisoformat(tick["done_at"]) == done
    first = ticks["monitor/intro-to-azure-backup/1-introduction"]
    assert first["done_at"].startswith("2026-11-01T")
    assert first["server_id"] is None
    assert data["tables"]["learner"] == [
        {"hidden": 1, "zone": None, "zone_asked": 0, "course": None, "announces": 1, "quiz_mistakes": 0}
    ]
    assert data["tables"]["member"][0]["course"] == "az-104"
    assert data["tables"]["milestone"][0]["route"] == "monitor"
    assert str(sim.bruno.id) not in str(data)


async def test_deletion_asks_first_and_then_confirms(sim, rows):
    for who in (sim.ada, sim.bruno):
        await complete(sim, who)
    asked = await sim.privacy(sim.ada, "Hide my progress", "Delete my data")
    assert "Delete all your data?" in asked.text
    assert asked.buttons == ["Delete everything", "Download my data first", "Cancel"]
    assert tables_with(rows, sim.ada) == {"learner", "member", "tick", "milestone", "study_day"}, "nothing was deleted"
    done = await sim.click(sim.ada, asked, "Delete everything")
    assert "Your data has been deleted" in done.text
    assert tables_with(rows, sim.ada) == set()
    assert tables_with(rows, sim.bruno) == {"member", "tick", "milestone", "study_day"}
    assert "Nothing is stored about you." in (await sim.privacy(sim.ada)).text


async def test_cancel_deletes_nothing(sim, rows):
    await complete(sim, sim.ada)
    kept = await sim.privacy(sim.ada, "Delete my data", "Cancel")
    assert "Nothing was deleted." in kept.text
    assert kept.buttons == []
    assert rows("select count(*) from tick") == [(48,)]


async def test_another_member_with_a_leaked_confirmation_deletes_only_their_own(sim, rows):
    for who in (sim.ada, sim.bruno):
        await complete(sim, who)
    asked = await sim.privacy(sim.ada, "Delete my data")
    await sim.press(sim.bruno, asked.custom_id("Delete everything"), asked.message)
    assert tables_with(rows, sim.bruno) == set()
    assert "tick" in tables_with(rows, sim.ada)


async def test_a_second_deletion_has_nothing_to_delete(sim, rows):
    await complete(sim, sim.ada)
    asked = await sim.privacy(sim.ada, "Delete my data")
    await sim.click(sim.ada, asked, "Delete everything")
    again = await sim.press(sim.ada, "wm1:forgetnow", sim.old_message(button("wm1:forgetnow")))
    assert "Nothing was stored about you." in again.text
    assert "nothing to delete" in (await sim.privacy(sim.ada, "Delete my data")).text
    assert tables_with(rows, sim.ada) == set()


def button(custom_id):
    return {"type": 2, "style": 4, "label": "Press", "custom_id": custom_id}


async def test_visibility_and_announcements_are_changed_in_place(sim, rows):
    for who in (sim.ada, sim.bruno):
        await complete(sim, who)
    panel = await sim.privacy(sim.ada)
    hidden = await sim.click(sim.ada, panel, "Hide my progress")
    assert "**Hidden**: only you see your progress." in hidden.text
    assert hidden.message.id == panel.message.id
    assert "Announce my paths" not in hidden.buttons, "nothing about hidden members is public"
    assert "hidden" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    visible = await sim.click(sim.ada, hidden, "Show my progress")
    assert "Ada · AZ-104" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    announcing = await sim.click(sim.ada, visible, "Announce my paths")
    assert "are announced in the server" in announcing.text
    assert rows("select hidden, announces from learner") == [(0, 1)]
    quiet = await sim.click(sim.ada, announcing, "Don't announce my paths")
    assert "aren't announced" in quiet.text
    assert sim.channel_texts() == [], "none of it is public"


async def test_a_hidden_member_can_still_share_by_their_own_press(sim):
    await complete(sim, sim.ada)
    await sim.privacy(sim.ada, "Hide my progress")
    await sim.click(sim.ada, await sim.command(sim.ada, "progress"), "Share")
    assert [text.split("\n")[0] for text in sim.channel_texts()] == ["### Ada · AZ-104"]


async def test_the_panel_survives_a_restart(sim):
    panel = await sim.privacy(sim.ada)
    await sim.restart()
    assert "**Hidden**" in (await sim.click(sim.ada, panel, "Hide my progress")).text


async def test_privacy_in_direct_messages(sim):
    await complete(sim, sim.ada)
    me = sim.ada.user
    shown = await sim.privacy(me)
    assert "AZ-104 in Cloud study group" in shown.text
    assert "Leave this study group" not in shown.buttons, "direct messages are a different context"
    assert "has been deleted" in (await sim.privacy(me, "Delete my data", "Delete everything")).text


async def test_quiz_mistakes_are_kept_only_if_the_member_wants_that(sim):
    panel = await sim.privacy(sim.ada)
    assert not await sim.store.mistakes.keeps_quiz_mistakes(sim.ada.id)
    kept = await sim.click(sim.ada, panel, "Keep my quiz mistakes for review")
    assert "📝 Questions you miss in quizzes are added to your list of mistakes." in kept.text
    assert await sim.store.mistakes.keeps_quiz_mistakes(sim.ada.id)
    await sim.click(sim.ada, kept, "Don't keep my quiz mistakes")
    assert not await sim.store.mistakes.keeps_quiz_mistakes(sim.ada.id)
