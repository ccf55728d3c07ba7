"""Restarts: earlier messages still work, and commands in progress finish before a stop."""

import asyncio
import sqlite3

import pytest

DEPLOY = "Deploy and manage Azure compute resources"


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


async def test_every_button_works_after_a_restart(sim, rows):
    complete = await sim.command(sim.ada, "complete", what="deploy")
    following = await sim.command(sim.ada, "next")
    paths = await sim.command(sim.ada, "paths")
    progress = await sim.command(sim.ada, "progress")
    kept = await sim.command(sim.ada, "privacy")
    search = await sim.command(sim.ada, "paths", find="backup")
    await sim.restart()
    assert "unit 2 of 6" in (await sim.click(sim.ada, following, "Done")).text
    assert f"○ {DEPLOY} is no longer marked complete" in (await sim.click(sim.ada, complete, "Undo")).text
    opened = await sim.press(sim.ada, paths.custom_id("Open"), paths.message)
    assert "### [Prerequisites for Azure administrators]" in opened.text
    assert "### Ada · AZ-104" in (await sim.click(sim.ada, progress, "Share")).public[0]
    assert "**Hidden**" in (await sim.click(sim.ada, kept, "Hide my progress")).text
    assert "6 units" in (await sim.choose(sim.ada, search, "Introduction to Azure Backup")).text
    assert len(ticked(rows, sim.ada)) == 1


async def test_a_message_that_was_changed_after_the_restart_still_works_after_the_next(sim):
    reply = await sim.command(sim.ada, "next")
    for number in (2, 3, 4):
        await sim.restart()
        reply = await sim.click(sim.ada, reply, "Done")
        assert f"unit {number} of 6" in reply.text


async def test_progress_survives_a_restart(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.restart()
    assert f"{DEPLOY} was already complete" in (await sim.command(sim.ada, "complete", what="deploy")).text
    await sim.command(sim.ada, "undo")
    await sim.restart()
    assert "**1 of 6 paths**" in (await sim.command(sim.ada, "complete", what="deploy")).text


async def test_undo_numbers_are_unique_across_restarts(sim, rows):
    """The clock of this test doesn't advance, so numbers can only differ by counting."""
    first = await sim.command(sim.ada, "complete", what="deploy")
    await sim.restart()
    await sim.command(sim.ada, "complete", what="manage")
    await sim.click(sim.ada, first, "Undo")
    assert len(ticked(rows, sim.ada)) == 53


async def test_a_servers_course_is_known_after_a_restart(sim, path):
    with sqlite3.connect(path) as database:
        database.execute("update server set course = 'az-900' where server_id = ?", (sim.guild.id,))
    database.close()
    await sim.restart()
    assert "### AZ-900 · Learning paths" in (await sim.command(sim.ada, "paths")).text
    assert "### AZ-104 · Learning paths" in (await sim.command(sim.ada, "paths", course="az-104")).text
    assert "### AZ-104 · Learning paths" in (await sim.command(sim.ada.user, "paths")).text


async def test_a_command_in_progress_finishes_before_the_bot_stops(sim, rows):
    command = asyncio.create_task(sim.command(sim.ada, "complete", what="deploy"))
    async with asyncio.timeout(5):
        while not sim.bot._busy:  # noqa: ASYNC110 - the bot tells nobody when a command begins
            await asyncio.sleep(0)
    await sim.bot.close()
    assert sim.bot._busy == 0
    assert rows("select count(*) from tick") == [(48,)]
    reply = await command
    assert "**1 of 6 paths**" in reply.text


async def test_login_after_a_failed_login(sim):
    """``login`` runs ``setup_hook``, and is retried with the same bot while Discord is down."""
    await sim.bot.setup_hook()
    assert "Microsoft Azure Administrator" in (await sim.command(sim.ada, "overview")).text


@pytest.mark.parametrize("times", [1, 2])
async def test_a_second_start_on_the_same_database_leaves_it_as_it_is(sim, rows, times):
    await sim.command(sim.ada, "complete", what="deploy")
    before = [rows(f"select * from {table}") for table in ("tick", "member", "milestone", "learner", "setting")]
    for _ in range(times):
        await sim.restart()
    assert [rows(f"select * from {table}") for table in ("tick", "member", "milestone", "learner", "setting")] == before
