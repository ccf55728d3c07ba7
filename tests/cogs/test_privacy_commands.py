"""``/privacy``: stored data, export, visibility and deletion."""

from datetime import datetime

DEPLOY = "Deploy and manage Azure compute resources"


def tables_with(rows, who):
    """Return the tables that contain a person's ID in any column."""
    names = [name for (name,) in rows("select name from sqlite_master where type = 'table'")]
    return {name for name in names for row in rows(f'select * from "{name}"') if str(who.id) in map(str, row)}


async def test_show_lists_stored_data(sim):
    nothing = await sim.command(sim.ada, "privacy show")
    assert "Nothing is stored about you." in nothing.text
    assert "**You are visible**" in nothing.text
    assert nothing.buttons == ["Hide me", "Export", "Delete all"]
    await sim.command(sim.ada, "complete", path="deploy")
    kept = await sim.command(sim.ada, "privacy show")
    assert "48 rows: your ticks" in kept.text
    assert "1 row: the paths that you completed for the first time" in kept.text
    assert "AZ-104 in Cloud study group, since <t:" in kept.text
    assert "Leave this server's cohort" in kept.buttons


async def test_leaving_and_coming_back(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy")
    left = await sim.click(sim.ada, await sim.command(sim.ada, "privacy show"), "Leave this server's cohort")
    assert "AZ-104 in Cloud study group, left <t:" in left.text
    assert "48 rows: your ticks" in left.text
    await sim.command(sim.ada, "complete", path="manage", module="understand-azure-active-directory")
    assert rows("select left_at is null from member") == [(0,)], "a tick doesn't rejoin a cohort"
    back = await sim.click(sim.ada, left, "Come back to the cohort")
    assert "AZ-104 in Cloud study group, since <t:" in back.text


async def test_export_is_a_json_file_with_all_data(sim, clock, rows):
    done = clock.now()
    await sim.command(sim.ada, "complete", path="deploy", module="configure-azure-app-services")
    await sim.command(sim.ada.user, "complete", path="monitor", on="2026-11-01")
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    await sim.command(sim.bruno, "complete", path="manage")
    reply = await sim.command(sim.ada, "privacy export")
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
    alone = ticks["monitor/intro-to-azure-backup/1-introduction"]
    assert alone["done_at"].startswith("2026-11-01T")
    assert alone["server_id"] is None
    assert data["tables"]["learner"] == [{"hidden": 1, "zone": None, "zone_asked": 0, "course": None, "announces": 0}]
    assert data["tables"]["member"][0]["course"] == "az-104"
    assert data["tables"]["milestone"][0]["route"] == "monitor"
    assert str(sim.bruno.id) not in str(data)


async def test_export_by_its_button_is_the_same_file(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    shown = await sim.command(sim.ada, "privacy show")
    pressed = await sim.click(sim.ada, shown, "Export")
    assert sim.file(pressed) == sim.file(await sim.command(sim.ada, "privacy export"))


async def test_forget_asks_first_and_then_reports_by_table(sim, rows):
    for who in (sim.ada, sim.bruno):
        await sim.command(who, "complete", path="deploy")
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    asked = await sim.command(sim.ada, "privacy forget")
    assert "Delete everything about you?" in asked.text
    assert "**52 rows**" in asked.text
    assert asked.buttons == ["Delete everything", "Keep it"]
    assert tables_with(rows, sim.ada) == {"learner", "member", "tick", "milestone", "study_day"}, "nothing was deleted"
    done = await sim.click(sim.ada, asked, "Delete everything")
    assert "**52 rows** about you are gone." in done.text
    for line in ("48 rows of `tick`", "1 row of `member`", "1 row of `milestone`", "1 row of `study_day`"):
        assert line in done.text
    assert tables_with(rows, sim.ada) == set()
    assert tables_with(rows, sim.bruno) == {"member", "tick", "milestone", "study_day"}
    assert "Nothing is stored about you." in (await sim.command(sim.ada, "privacy show")).text


async def test_keep_it_keeps_it(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy")
    asked = await sim.click(sim.ada, await sim.command(sim.ada, "privacy show"), "Delete all")
    kept = await sim.click(sim.ada, asked, "Keep it")
    assert "Nothing was deleted." in kept.text
    assert kept.buttons == []
    assert rows("select count(*) from tick") == [(48,)]


async def test_another_member_with_a_leaked_confirmation_deletes_only_their_own(sim, rows):
    for who in (sim.ada, sim.bruno):
        await sim.command(who, "complete", path="deploy")
    asked = await sim.command(sim.ada, "privacy forget")
    done = await sim.press(sim.bruno, asked.custom_id("Delete everything"), asked.message)
    assert "**51 rows** about you are gone." in done.text
    assert tables_with(rows, sim.bruno) == set()
    assert "tick" in tables_with(rows, sim.ada)


async def test_old_buttons_after_everything_was_forgotten(sim, rows):
    old = await sim.command(sim.ada, "complete", path="deploy")
    asked = await sim.command(sim.ada, "privacy forget")
    await sim.click(sim.ada, asked, "Delete everything")
    assert "Nothing of that tick is left to undo." in (await sim.click(sim.ada, old, "Undo")).text
    again = await sim.press(sim.ada, "wm1:forgetnow", sim.old_message(button("wm1:forgetnow")))
    assert "**0 rows** about you are gone." in again.text
    assert tables_with(rows, sim.ada) == set()


def button(custom_id):
    return {"type": 2, "style": 4, "label": "Press", "custom_id": custom_id}


async def test_visibility_by_command_and_by_button(sim, rows):
    for who in (sim.ada, sim.bruno):
        await sim.command(who, "complete", path="deploy")
    hidden = await sim.command(sim.ada, "privacy visibility", setting="hidden")
    assert "You are hidden" in hidden.text
    assert "keeps their progress to themselves" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    shown = await sim.command(sim.ada, "privacy show")
    assert "**You are hidden**" in shown.text
    pressed = await sim.click(sim.ada, shown, "Show me")
    assert "**You are visible**" in pressed.text
    assert pressed.message.id == shown.message.id
    assert "### Ada · AZ-104" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    again = await sim.click(sim.ada, pressed, "Hide me")
    assert "**You are hidden**" in again.text
    assert rows("select hidden from learner") == [(1,)]
    visible = await sim.command(sim.ada, "privacy visibility", setting="visible")
    assert "You are visible to the members of your cohorts." in visible.text


async def test_hiding_is_not_announced(sim):
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    await sim.click(sim.ada, await sim.command(sim.ada, "privacy show"), "Show me")
    assert sim.channel_texts() == []


async def test_a_hidden_member_can_still_share_by_their_own_press(sim):
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    await sim.click(sim.ada, await sim.command(sim.ada, "progress"), "Share")
    assert [text.split("\n")[0] for text in sim.channel_texts()] == ["### Ada · AZ-104"]


async def test_privacy_in_direct_messages(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    me = sim.ada.user
    shown = await sim.command(me, "privacy show")
    assert "AZ-104 in Cloud study group" in shown.text
    assert "Leave this server's cohort" not in shown.buttons, "direct messages are a different context"
    asked = await sim.command(me, "privacy forget")
    assert "**51 rows** about you are gone." in (await sim.click(me, asked, "Delete everything")).text
