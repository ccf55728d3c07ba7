"""The page of the question of the day in ``/setup``."""

import pytest

from tests.cogs.conftest import Reply

MANAGERS_ONLY = "You need the Manage Server permission"


def stored(rows):
    return rows("select channel_id, minute, zone, role, state from daily_question")


@pytest.fixture
def page(digest_sim):
    async def page():
        return await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Question of the day")

    return page


@pytest.fixture
def press(digest_sim):
    async def press(on, label):
        return await digest_sim.click(digest_sim.boss, on, label)

    return press


async def test_nothing_changes_before_save(page, digest_sim, rows):
    panel = await page()
    assert panel.private
    assert "Nothing is posted until you press **Save**" in panel.text
    assert "✅ All permissions are in place" in panel.text
    panel = await digest_sim.choose(digest_sim.boss, panel, "18:00", "dailydraft:time")
    assert stored(rows) == []


async def test_set_it_up_change_it_and_undo_both(page, press, digest_sim, rows):
    saved = await press(await page(), "Save")
    assert "✅ **Saved.**" in saved.text
    first = [(digest_sim.channel.id, 540, "America/New_York", None, "on")]
    assert stored(rows) == first
    changed = await digest_sim.choose(digest_sim.boss, saved, "18:00", "dailydraft:time")
    assert "Not saved yet" in changed.text
    saved = await press(changed, "Save")
    assert stored(rows)[0][1] == 1080
    undone = await press(saved, "Undo")
    assert "↩️ Undone." in undone.text
    assert stored(rows) == first
    off = await press(undone, "Turn off")
    assert stored(rows)[0][4] == "off"
    await press(off, "Undo")
    assert stored(rows) == first


async def test_undo_of_the_first_save_turns_it_off(page, press, rows):
    await press(await press(await page(), "Save"), "Undo")
    assert stored(rows)[0][4] == "off"


async def test_undo_is_refused_after_another_change(page, press, digest_sim, rows):
    saved = await press(await page(), "Save")
    changed = await digest_sim.choose(digest_sim.boss, await page(), "20:00", "dailydraft:time")
    await press(changed, "Save")
    refused = await digest_sim.press(digest_sim.boss, saved.custom_id("Undo"), saved.message)
    assert "These settings have changed since" in refused.text
    assert stored(rows)[0][1] == 1200


async def test_another_time_and_channel(page, press, digest_sim, rows):
    form = await digest_sim.choose(digest_sim.boss, await page(), "Another time…", "dailydraft:time")
    panel = await digest_sim.fill(digest_sim.boss, form, time="7:30am")
    panel = await digest_sim.choose_channel(panel, digest_sim.news, "dailydraft:channel")
    await press(panel, "Save")
    assert stored(rows)[0][:2] == (digest_sim.news.id, 450)


async def test_a_role_that_cannot_be_notified_comes_with_a_fix(page, press, digest_sim, rows):
    role = digest_sim.guild.create_role("Daily")
    digest_sim.allow(mention_everyone=False)
    panel = await page()
    panel = Reply(await digest_sim.boss.select(panel.message, [role], custom_id=panel.select_id("dailydraft:role")))
    assert f"⚠️ Discord doesn't let me notify <@&{role.id}>" in panel.text
    assert "Server Settings" in panel.text
    await press(panel, "Save")
    assert stored(rows)[0][3] == role.id


async def test_missing_permissions_come_with_a_fix(page, press, digest_sim):
    digest_sim.allow(send_messages=False, create_public_threads=False)
    panel = await page()
    assert "I'm missing **Send Messages**" in panel.text
    assert "I'm missing **Create Public Threads**" in panel.text
    digest_sim.allow(
        view_channel=True, send_messages=True, attach_files=True, read_message_history=True, create_public_threads=True
    )
    assert "✅ All permissions are in place" in (await press(panel, "Check again")).text


async def test_everyone_is_never_notified(page, press, digest_sim, rows):
    panel = await page()
    pressed = await digest_sim.press(
        digest_sim.boss, panel.select_id("dailydraft:role"), panel.message, str(digest_sim.guild.id)
    )
    refused = await press(pressed, "Save")
    assert "I never notify @everyone" in refused.text
    assert stored(rows) == []


async def test_only_managers_may_change_it(page, press, digest_sim, rows):
    panel = await press(await page(), "Save")
    before = stored(rows)
    for label in ("Save", "Turn off", "Undo"):
        reply = await digest_sim.press(digest_sim.ada, panel.custom_id(label), panel.message)
        assert MANAGERS_ONLY in reply.text, label
    assert stored(rows) == before
