"""Private notes on Discord: written, shown where the module is studied, undone, and never shown to others."""

from bot.study.notes import MAX_NOTE

MODULE = "prerequisites/intro-to-azure-cloud-shell"
NOTE = "Use **Bash** or `pwsh`; see <@1> & @everyone\n\n# Files are kept\nin $HOME/clouddrive"
SHOWN = (
    "📝 **Your note**\n> Use \\*\\*Bash\\*\\* or \\`pwsh\\`; see \\<@1\\> & @everyone\n"
    "> \\# Files are kept\n> in $HOME/clouddrive"
)


async def write(sim, who, text, page=None, label="Add note"):
    page = page or await sim.command(who, "paths", find=MODULE)
    return await sim.fill(who, await sim.click(who, page, label), note=text)


async def test_a_note_is_shown_where_the_module_is_studied(sim):
    page = await sim.command(sim.ada, "paths", find=MODULE)
    saved = await write(sim, sim.ada, NOTE, page)
    assert "✅ Note saved." in saved.text
    assert SHOWN in saved.text
    assert (saved.private, saved.message.id) == (True, page.message.id)
    assert SHOWN in (await sim.command(sim.ada, "paths", find=MODULE)).text
    assert SHOWN in (await sim.command(sim.ada, "paths", find=f"{MODULE}/1-introduction")).text
    assert SHOWN in (await sim.command(sim.ada, "start")).text
    following = await sim.command(sim.ada, "next")
    assert SHOWN in following.text
    then = await sim.click(sim.ada, following, "Done")
    assert "unit 2 of 6" in then.text
    assert SHOWN in then.text
    page = await sim.command(sim.ada, "paths", find=MODULE)
    kept = await sim.submit(sim.ada, await sim.click(sim.ada, page, "Mark complete…"), "Introduction")
    assert SHOWN in kept.text
    assert "Your note" not in (await sim.command(sim.ada, "paths", find="prerequisites")).text
    assert "Your note" not in (await sim.command(sim.ada, "paths", find="deploy/configure-azure-app-services")).text


async def test_the_form_has_the_note_and_its_limit(sim):
    await write(sim, sim.ada, "first")
    page = await sim.command(sim.ada, "paths", find=MODULE)
    form = await sim.click(sim.ada, page, "Edit note")
    (field,) = [part["component"] for part in form.modal["components"] if part["component"]["type"] == 4]
    assert (field["value"], field["max_length"], field["required"]) == ("first", MAX_NOTE, False)
    longest = await sim.fill(sim.ada, form, note="*" * MAX_NOTE)
    assert "Note saved" in longest.text


async def test_an_empty_note_is_deleted_and_undo_restores_it_after_a_restart(sim):
    await write(sim, sim.ada, "keep me")
    deleted = await write(sim, sim.ada, "", label="Edit note")
    assert "✅ Note deleted." in deleted.text
    assert "keep me" not in deleted.text
    assert "Add note" in deleted.buttons
    undo = deleted.custom_id("Undo")
    await sim.restart()
    back = await sim.click(sim.ada, deleted, "Undo")
    assert "✅ Note saved." in back.text
    assert "> keep me" in back.text
    assert "Add note" in (await sim.click(sim.ada, back, "Undo")).buttons
    stale = await sim.press_old(sim.ada, undo)
    assert "You've changed your notes since then" in stale.text


async def test_nobody_else_sees_a_note(sim):
    await sim.join(sim.ada, sim.bruno)
    await write(sim, sim.ada, "my secret")
    await sim.command(sim.ada, "complete", what=MODULE)
    page = await sim.command(sim.ada, "paths", find=MODULE)
    await sim.click(sim.ada, page, "Share")
    await sim.click(sim.ada, await sim.command(sim.ada, "progress"), "Share")
    assert len(sim.channel_texts()) == 2
    assert "my secret" not in "".join(sim.channel_texts())
    assert "my secret" not in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    assert "my secret" not in (await sim.command(sim.bruno, "paths", find=MODULE)).text
    assert "my secret" in str(sim.file(await sim.privacy(sim.ada, "Download my data")))


async def test_notes_work_in_direct_messages(sim, env):
    dora = env.create_user("dora", global_name="Dora")
    assert "> offline" in (await write(sim, dora, "offline")).text


async def test_many_short_lines_are_joined(sim):
    saved = await write(sim, sim.ada, "\n".join(f"line {number}" for number in range(30)))
    assert "> line 0 line 1 line 2" in saved.text


async def test_only_modules_have_notes(sim, rows):
    assert "Add note" not in (await sim.command(sim.ada, "paths", find="deploy")).buttons
    key = sim.study.catalogue.courses["az-104"].nodes["deploy"].key
    for custom_id in (f"wm1:note:{key}", f"wm1:noteundo:{key}:1", "wm1:noteundo:x"):
        assert "out of date" in (await sim.press_old(sim.ada, custom_id)).text
    assert rows("select count(*) from note") == [(0,)]
