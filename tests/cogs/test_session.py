"""A session that uses every command and component. Discord would accept everything that the bot sends."""

import discord
import pytest

from bot.study import Asker
from bot.views.limits import form_faults, message_faults, walk

WRONG = "Something went wrong on my end"
START = [
    ("overview", {}),
    ("paths", {}),
    ("paths", {"find": "deploy"}),
    ("paths", {"find": "configure/configure-vnet-peering"}),
    ("paths", {"find": "backup"}),
    ("paths", {"find": "introduction", "course": "az-400"}),
    ("complete", {"what": "monitor"}),
    ("complete", {"what": "monitor"}),
    ("complete", {"what": "deplyo"}),
    ("complete", {"what": "manage/understand-azure-active-directory", "when": "4/3"}),
    ("paths", {"find": "deploy/configure-app-service-plans/1-introduction"}),
    ("undo", {}),
    ("next", {"course": "dp-900"}),
    ("progress", {}),
    ("start", {}),
    ("help", {}),
    ("privacy", {}),
    ("plan", {}),
    ("readiness", {}),
    ("review", {}),
    ("review", {"count": 1}),
    ("remind", {}),
    ("quiz", {"path": "deploy", "count": 2}),
    ("mock-exam", {}),
    ("mock-exam", {"count": 5, "minutes": 60}),
]
OF_MANAGERS = [
    ("setup", {}),
]


async def press(sim, who, part):
    """Use one button, select or (after the button that opens it) form, on a message with nothing else."""
    values = [part["options"][-1]["value"]] if part["type"] == 3 else [str(sim.channel.id)] * (part["type"] == 8)
    answer = await sim.press(who, part["custom_id"], sim.old_message(part), *values)
    if answer.result.modal is None:
        return answer
    keys = [option["value"] for top in answer.modal["components"] for option in top["component"].get("options", ())]
    return await sim.submit_raw(who, answer.modal["custom_id"], keys[::2])


async def all_pressed(sim, who, parts):
    """Use each component, ten concurrently, and return the responses."""
    replies = []
    for start in range(0, len(parts), 10):
        replies += await sim.concurrently(*(press(sim, who, part) for part in parts[start : start + 10]))
    return replies


def pressable(replies):
    parts = [part for reply in replies for top in reply.message.components for part in walk(top)]
    return {part["custom_id"]: part for part in parts if part.get("custom_id")}.values()


def manager_member(sim):
    role = sim.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True, view_channel=True))
    return sim.guild.add_member(sim.env.create_user("mia", global_name="Mia"), roles=[role])


async def test_the_lists_above_name_every_command(sim):
    # A file can't be uploaded here: see tests/course_upload.
    named = {name for name, _ in START + OF_MANAGERS} | {"course upload"}
    assert named == set(manager_member(sim).available_commands(sim.channel))


PART = 6
"""Commands of one test. simcord keeps what earlier bots left, which slows it down."""
SESSIONS = [
    *(("ada", START[start : start + PART]) for start in range(0, len(START), PART)),
    *(("bruno", START[start : start + PART]) for start in range(0, len(START), PART)),
    ("manager", OF_MANAGERS),
]


@pytest.mark.parametrize(("who", "commands"), SESSIONS)
async def test_all_that_is_sent_is_within_discords_limits_and_pings_nobody(sim, caplog, who, commands):
    """In the server, in direct messages, and as a manager."""
    member = manager_member(sim) if who == "manager" else sim.ada if who == "ada" else sim.bruno.user
    await sim.study.progress.complete(Asker(member.id, None, ""), sim.study.catalogue.default.nodes["prerequisites"])
    for name, options in commands:
        replies = [await sim.command(member, name, **options)]
        for _ in range(2):
            replies = await all_pressed(sim, member, list(pressable(replies)))
            assert [reply.text for reply in replies if WRONG in reply.text] == []
        await sim.restart()  # discord.py keeps each private message for 15 minutes, which slows simcord
    await sim.click(sim.ada, await sim.command(sim.ada, "paths"), "Next")
    told = [body for place in ("/callback", "/webhooks/", "/messages") for body in sim.sent(place) if body]
    messages = [body.get("data", body) for body in told if body.get("type") not in (5, 6, 9)]
    forms = [body["data"] for body in told if body.get("type") == 9]
    assert len(messages) > 10
    for form in forms:
        assert form_faults(form) == []
    for message in messages:
        assert message_faults(message["components"]) == []
        assert message["allowed_mentions"] == {"parse": []}
        assert not message.get("content")
        assert message["flags"] & 1 << 15
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "WARNING")]
