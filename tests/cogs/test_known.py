"""“I already know this” on Discord: where it is pressed and shown, and that nobody else learns of it."""

import pytest

MODULE = "deploy/configure-azure-app-services"
MEANING = "It counts as covered, but not as studied: no study time, no streak day, no announcement."


async def opened(sim, who, what):
    return await sim.command(who, "paths", find=what)


def counts(rows, *tables):
    return [rows(f"select count(*) from {table}")[0][0] for table in tables]


async def test_a_module_is_marked_shown_and_unmarked_again(sim, rows):
    page = await opened(sim, sim.ada, MODULE)
    marked = await sim.click(sim.ada, page, "I already know this")
    assert "): marked as known\n**0 of 6 paths**" in marked.text
    assert MEANING in marked.text
    assert "Reviews don't ask about it." in marked.text
    assert marked.buttons == ["Next", "Undo", "Ask me in reviews", "View module"]
    assert (marked.private, marked.message.id) == (True, page.message.id)
    shown = await sim.click(sim.ada, marked, "View module")
    assert "✔️ You already knew this." in shown.text
    assert "nothing left" in shown.text
    assert "✔️ [Introduction](" in shown.text
    assert "**100%**" in shown.text
    assert "I already know this" not in shown.buttons
    path = await opened(sim, sim.ada, "deploy")
    assert "already known" in path.text
    assert "✔️ You already knew" in path.text
    unmarked = await sim.click(sim.ada, shown, "Unmark as known")
    assert "is no longer marked as known" in unmarked.text
    assert counts(rows, "tick", "study_day", "member", "milestone") == [0, 0, 0, 0]
    again = await sim.click(sim.ada, unmarked, "Undo")
    assert "marked as known" in again.text
    assert "You already knew this" in (await sim.click(sim.ada, again, "View module")).text


async def test_undo_works_once_and_after_a_restart(sim, rows, clock):
    marked = await sim.click(sim.ada, await opened(sim, sim.ada, "deploy"), "I already know this")
    assert counts(rows, "known") == [48]
    await sim.restart()
    undo = marked.custom_id("Undo")
    undone = await sim.click(sim.ada, marked, "Undo")
    assert "is no longer marked as known\n**0 of 6 paths**" in undone.text
    assert counts(rows, "known") == [0]
    assert "Redo" in undone.buttons
    clock.move(seconds=1)
    redone = await sim.click(sim.ada, undone, "Redo")
    assert "**1 of 6 paths**" in redone.text
    stale = await sim.press_old(sim.ada, undo)
    assert "That change has already been undone." in stale.text
    assert counts(rows, "known") == [48]


async def test_next_skips_what_is_known(sim):
    first = await sim.command(sim.ada, "next")
    assert "› Introduction to Azure Cloud Shell" in first.text
    marked = await sim.click(sim.ada, first, "I know this module")
    assert "✔️ [Introduction to Azure Cloud Shell](" in marked.text
    then = await sim.click(sim.ada, marked, "Next")
    assert "› Introduction to Bash" in then.text
    assert "unit 1 of" in then.text
    home = await sim.command(sim.ada, "start")
    title = then.text.split("### Next: ")[1].split("\n")[0]
    assert title in home.text


async def test_the_rest_of_a_started_module(sim):
    await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    marked = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "I know this module")
    assert "5 units marked" in marked.text
    page = await sim.click(sim.ada, marked, "View module")
    assert "✔️ You already knew 5 of 6 units." in page.text
    finished = await sim.command(sim.ada, "complete", what="prerequisites/intro-to-azure-cloud-shell")
    assert "5 units completed" in finished.text
    page = await opened(sim, sim.ada, "prerequisites/intro-to-azure-cloud-shell")
    assert "already knew" not in page.text


async def test_progress_counts_known_modules_apart(sim):
    await sim.command(sim.ada, "complete", what=MODULE)
    await sim.click(sim.ada, await opened(sim, sim.ada, "prerequisites"), "I already know this")
    text = (await sim.command(sim.ada, "progress")).text
    assert "✔️ 4 modules you already knew · " in text
    assert "✔️ Prerequisites for Azure administrators · already known" in text
    assert "-# Already known" in (await sim.command(sim.ada, "paths")).text


async def test_others_and_shared_lists_show_only_what_was_studied(sim):
    await sim.join(sim.ada, sim.bruno)
    await sim.command(sim.ada, "complete", what=MODULE)
    studied = (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    mine = await sim.click(sim.ada, await opened(sim, sim.ada, "prerequisites"), "I already know this")
    assert mine.public == []
    assert (await sim.command(sim.bruno, "progress", member=sim.ada)).text == studied
    await sim.click(sim.ada, await sim.command(sim.ada, "progress"), "Share")
    await sim.click(sim.ada, await sim.command(sim.ada, "paths"), "Share")
    await sim.click(sim.ada, await opened(sim, sim.ada, "prerequisites"), "Share")
    assert len(sim.channel_texts()) == 3
    for text in sim.channel_texts():
        assert "know" not in text
        assert "knew" not in text
    assert "0%" in sim.channel_texts()[-1]


async def test_the_choice_about_reviews(sim):
    marked = await sim.click(sim.ada, await opened(sim, sim.ada, MODULE), "I already know this")
    asked = await sim.click(sim.ada, marked, "Ask me in reviews")
    assert "Reviews ask about it, too." in asked.text
    page = await opened(sim, sim.ada, MODULE)
    left = await sim.click(sim.ada, page, "Leave out of reviews")
    assert "Reviews don't ask about it." in left.text


async def test_a_course_of_which_nothing_is_left(sim):
    for path in ("prerequisites", "identities", "storage", "deploy", "networking", "manage"):
        found = await opened(sim, sim.ada, path)
        if "I already know this" in found.buttons:
            last = await sim.click(sim.ada, found, "I already know this")
    if "Readiness" in last.buttons:
        assert "Nothing is left of AZ-104 🎉" in (await sim.command(sim.ada, "next")).text


async def test_it_works_in_direct_messages(sim, env):
    dora = env.create_user("dora", global_name="Dora")
    marked = await sim.click(dora, await opened(sim, dora, MODULE), "I already know this")
    assert MEANING in marked.text
    assert "is no longer marked as known" in (await sim.click(dora, marked, "Undo")).text


@pytest.mark.parametrize(
    "custom_id", ["wm1:knowundo:x", "wm1:knowundo:{key}:x", "wm1:knowreview:{key}:2", "wm1:know:x"]
)
async def test_buttons_that_the_bot_never_made(sim, rows, custom_id):
    key = sim.study.catalogue.courses["az-104"].nodes[MODULE].key
    reply = await sim.press_old(sim.ada, custom_id.format(key=key))
    assert "out of date" in reply.text or "has been updated" in reply.text
    assert counts(rows, "known") == [0]
