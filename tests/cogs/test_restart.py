"""The bot starts anew: what it sent before still works, and a stop lets commands under way finish."""

import asyncio
import sqlite3

import pytest

DEPLOY = "Deploy and manage Azure compute resources"


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


async def test_every_button_of_before_a_restart_still_works(world, rows):
    complete = await world.command(world.ada, "complete", path="deploy")
    following = await world.command(world.ada, "next")
    paths = await world.command(world.ada, "paths")
    progress = await world.command(world.ada, "progress")
    kept = await world.command(world.ada, "privacy show")
    search = await world.command(world.ada, "search", text="backup")
    await world.restart()
    assert "unit 2 of 6" in (await world.click(world.ada, following, "Done")).text
    assert f"○ {DEPLOY}: no longer ticked" in (await world.click(world.ada, complete, "Undo")).text
    assert f"### {DEPLOY}" in (await world.choose(world.ada, paths, DEPLOY)).text
    assert "### Ada · AZ-104" in (await world.click(world.ada, progress, "Share")).public[0]
    assert "**You are hidden**" in (await world.click(world.ada, kept, "Hide me")).text
    assert "6 units" in (await world.choose(world.ada, search, "Introduction to Azure Backup")).text
    assert len(ticked(rows, world.ada)) == 1


async def test_a_message_that_was_changed_after_the_restart_still_works_after_the_next(world):
    reply = await world.command(world.ada, "next")
    for number in (2, 3, 4):
        await world.restart()
        reply = await world.click(world.ada, reply, "Done")
        assert f"unit {number} of 6" in reply.text


async def test_progress_and_first_times_outlive_a_restart(world):
    await world.command(world.ada, "complete", path="deploy")
    await world.command(world.ada, "undo")
    await world.restart()
    again = await world.command(world.ada, "complete", path="deploy")
    assert "**1 of 6 paths**" in again.text
    assert again.public == []
    assert "joined" not in again.text


async def test_undo_numbers_are_not_given_twice_after_a_restart(world, rows):
    """The clock of this test stands still, so numbers can only differ because they are counted on."""
    first = await world.command(world.ada, "complete", path="deploy")
    await world.restart()
    await world.command(world.ada, "complete", path="manage")
    await world.click(world.ada, first, "Undo")
    assert len(ticked(rows, world.ada)) == 53


async def test_a_servers_course_is_known_after_a_restart(world, path):
    with sqlite3.connect(path) as database:
        database.execute("insert into server (server_id, course) values (?, 'az-900')", (world.guild.id,))
    database.close()
    await world.restart()
    assert "### AZ-900 · Learning paths" in (await world.command(world.ada, "paths")).text
    assert "### AZ-104 · Learning paths" in (await world.command(world.ada, "paths", course="az-104")).text
    assert "### AZ-104 · Learning paths" in (await world.command(world.ada.user, "paths")).text


async def test_a_command_under_way_is_finished_before_the_bot_leaves(world, rows):
    command = asyncio.create_task(world.command(world.ada, "complete", path="deploy"))
    async with asyncio.timeout(5):
        while not world.bot._busy:  # noqa: ASYNC110 - the bot tells nobody when a command begins
            await asyncio.sleep(0)
    await world.bot.close()
    assert world.bot._busy == 0
    assert rows("select count(*) from tick") == [(48,)]
    reply = await command
    assert "**1 of 6 paths**" in reply.text


async def test_logging_in_again_after_a_failure_on_the_way_in(world):
    """``login`` runs ``setup_hook``, and is tried again while Discord is out of order: with the same bot."""
    await world.bot.setup_hook()
    assert "Microsoft Azure Administrator" in (await world.command(world.ada, "overview")).text


@pytest.mark.parametrize("times", [1, 2])
async def test_a_second_start_on_the_same_database_leaves_it_as_it_is(world, rows, times):
    await world.command(world.ada, "complete", path="deploy")
    before = [rows(f"select * from {table}") for table in ("tick", "member", "milestone", "learner", "setting")]
    for _ in range(times):
        await world.restart()
    assert [rows(f"select * from {table}") for table in ("tick", "member", "milestone", "learner", "setting")] == before
