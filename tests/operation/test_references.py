"""Log references: eight hex digits, the same in the error message and in all log lines of an interaction."""

import asyncio
import logging
import re

from simcord.enums import InteractionType

from bot.operation import logs
from tests.operation.conftest import CapturedLog


def test_all_lines_of_a_block_have_its_reference(captured):
    with logs.log_context() as reference:
        captured.log.info("one")
        with logs.log_context() as inner:
            captured.log.info("two")
        captured.log.info("three")
    captured.log.info("four")
    assert re.fullmatch(r"[0-9a-f]{8}", reference)
    assert reference != inner
    found = [re.search(r'\bref(?:=|": ")(\w+)', line) for line in captured.lines]
    assert [each and each[1] for each in found] == [reference, inner, reference, None]
    assert logs.reference() != logs.reference(), "outside of a block, a new one each time"


async def test_concurrent_tasks_have_different_references_and_threads_inherit():
    captured = CapturedLog("human")

    async def work() -> str:
        with logs.log_context() as reference:
            captured.log.info("begun in %s", reference)
            await asyncio.sleep(0)
            await asyncio.to_thread(captured.log.info, "in a thread of %s", reference)
            return reference

    references = await asyncio.gather(*(work() for _ in range(5)))
    assert len(set(references)) == 5
    for line in captured.lines:
        assert re.search(r" (?:in|of) (\w{8}) ref=\1$", line), line


def shown(text: str) -> str:
    """Return the reference in the message that a member reads."""
    return re.search(r"this code: `([0-9a-f]{8})`", text)[1]


async def test_the_error_message_has_the_reference_of_the_log_lines(sim, logged):
    async def probe(interaction, state, values):
        logging.getLogger("waymark").info("first")
        logging.getLogger("somebody.else").warning("second")
        await asyncio.to_thread(logging.getLogger("waymark").info, "third")
        raise RuntimeError(f"fault of {interaction.user.display_name} in {interaction.guild.name}, {values}")

    sim.bot.on_component("probe", probe)
    sim.bot.on_form("probe", probe)
    old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": "wm1:probe"})
    replies = await sim.concurrently(
        sim.press(sim.ada, "wm1:probe", old),
        sim.press(sim.bruno, "wm1:probe", old),
        sim.submit_raw(sim.cleo, "wmf1:probe", ["what Cleo chose"]),
    )
    references = {shown(reply.text) for reply in replies}
    assert len(references) == 3
    for reference in references:
        lines = [line for line in logged.lines if f"ref={reference}" in line]
        assert [word for line in lines for word in ("first", "second", "third", "fault of") if word in line] == [
            "first",
            "second",
            "third",
            "fault of",
        ]
    for name in ("Ada", "Bruno", "Cleo", "Cloud study group"):
        assert name not in logged.text


async def test_a_failed_command_logs_its_reference_without_typed_text(sim, logged):
    await sim.store.close()
    reply = await sim.submit_raw(sim.ada, "wmf1:planedit:az-104", ["2026-12-18"])
    (line,) = [line for line in logged.lines if line.startswith("ERROR")]
    assert " error=" in line
    assert f"ref={shown(reply.text)}" in line
    assert "2026-12-18" not in line


async def test_an_unknown_command_finishes_before_the_bot_stops(sim, logged):
    """discord.py reports it outside of the call, but the stop waits for the response."""
    data = {"id": "1", "name": "flashcards", "type": 1, "options": []}
    reply = await sim.dispatch(sim.ada, InteractionType.APPLICATION_COMMAND, data)
    assert "This command was just updated." in reply.text
    assert "Task exception was never retrieved" not in logged.text


async def test_each_digest_has_a_reference(digest_sim, logged):
    await digest_sim.set_up()
    digest_sim.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    await digest_sim.wait(120)
    lines = [line for line in logged.lines if "Discord rejected" in line]
    assert lines
    assert all(re.search(r" ref=[0-9a-f]{8} ", line) for line in lines)
    assert "Cloud study group" not in logged.text
