"""Every button, select and form, used by another member and with forged states."""

from typing import Any

import discord
import pytest
from simcord.builders import UserHandle
from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.views.limits import walk
from tests.cogs.conftest import Reply
from tests.operation.conftest import SERVERS, WRONG, all_but, leaves, run


def pressable(reply) -> dict[str, dict[str, Any]]:
    parts = [part for top in reply.message.components for part in walk(top)]
    return {part["custom_id"]: part for part in parts if part.get("custom_id")}


async def collected(digest_sim, who) -> dict[str, dict[str, Any]]:
    """Return every button and select that any command shows, and the buttons of the digest."""
    found = pressable(await digest_sim.command(who, "complete", what="monitor"))
    for name in leaves(digest_sim.bot.tree):
        if name not in SERVERS:
            found |= pressable(await run(digest_sim, who, name))
    found |= pressable(await run(digest_sim, who, "paths", everything=True))
    (digest,) = digest_sim.digests_in()
    for top in digest.components:
        found |= {part["custom_id"]: part for part in walk(top) if part.get("custom_id")}
    return found


async def press(digest_sim, who, custom_id: str, part: dict[str, Any]):
    """Use a component of an old message; if it opens a form, submit it with every second box checked."""
    reply = await digest_sim.press(who, custom_id, digest_sim.old_message(part), *chosen(part))
    if reply.result.modal is None:
        return [reply]
    keys = [option["value"] for top in reply.modal["components"] for option in top["component"].get("options", ())]
    return [reply, await digest_sim.submit_raw(who, reply.modal["custom_id"], keys[::2])]


async def test_another_members_press_affects_only_their_own_data(busy, rows):
    parts = await collected(busy, busy.ada)
    before, spoken = all_but(rows, busy.bruno), len(busy.channel_texts())
    used = set()
    for custom_id, part in parts.items():
        for reply in await press(busy, busy.bruno, custom_id, part):
            used.add(custom_id.split(":")[1])
            if reply.result.modal is None:
                assert reply.private, custom_id
                # See everyone is about the visible members, Ada among them.
                assert "Ada" not in reply.text or custom_id.startswith("wm1:everyone:"), custom_id
                assert WRONG not in reply.text, custom_id
            else:
                used.add(reply.modal["custom_id"].split(":")[1])
        assert all_but(rows, busy.bruno) == before, custom_id
    assert not [text for text in busy.channel_texts()[spoken:] if "Ada" in text]
    assert used > {"done", "form", "save", "share", "undo", "forget", "some", "several", "mine", "daysoff"}


STATES = (
    "",
    ":",
    "::::",
    ":az-104",
    ":az-104:az-104:az-104",
    ":node:node",
    ":-1",
    ":²",
    f":{'9' * 60}",
    ":zz:zz:zz",
    ":0000000000:0:000000",
    ":' or 1=1 --",
    ":../../.env",
    ":{ada}",
    ":{ada}:{server}",
    ":{key}:zz:zz",
    ":{key}:-f:{key}",
    ":{key}:{key}:{key}",
)
"""What stands behind the verb in a ``custom_id`` that somebody made. Ada's id, and the key of a path of the course."""
PARTS = 4
"""Each part takes some seconds. After 20, the bot would poll, and the simulated clock would catch up with the real one:
what is being answered then is late.
"""


async def sent_in(digest_sim, who, data: dict[str, Any]) -> Reply:
    """Pass a component or form to the bot without the gateway, which is a thousand times faster."""
    backend, person = digest_sim.env.backend, isinstance(who, UserHandle)
    place = {
        "channel_id": (who.dm_channel if person else digest_sim.channel).id,
        "guild_id": None if person else digest_sim.guild.id,
    }
    kind = InteractionType.MODAL_SUBMIT if "components" in data else InteractionType.MESSAGE_COMPONENT
    record, payload = base_payload(backend, type=kind, user_id=who.id, data=data, **place)
    interaction = discord.Interaction(data=payload, state=digest_sim.bot._connection)
    if kind is InteractionType.MODAL_SUBMIT:
        await digest_sim.bot.on_interaction(interaction)
    else:
        await digest_sim.bot.handle_component(
            interaction, "s" if "values" in data else "", data["custom_id"], data.get("values", ())
        )
    return Reply(InteractionResult(digest_sim.env, record))


def thrice(behind: str, value: str) -> list[dict[str, Any]]:
    """Return the state as a button, a select and a form, with the data that Discord sends."""
    box = {"type": 18, "id": 1, "component": {"type": 22, "id": 2, "custom_id": "group0", "values": [value]}}
    return [
        {"component_type": 2, "custom_id": f"wm1:{behind}"},
        {"component_type": 3, "custom_id": f"wms1:{behind}", "values": [value]},
        {"custom_id": f"wmf1:{behind}", "components": [box]},
    ]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("place", ["server", "direct messages"])
async def test_every_verb_refuses_forged_states(busy, rows, place, part):
    """As a button, a select and a form, whatever the verb was made for."""
    who = busy.bruno if place == "server" else busy.env.create_user("stranger", global_name="Stranger")
    before, spoken = all_but(rows, who), len(busy.channel_texts())
    known = {"ada": busy.ada.id, "server": busy.guild.id, "key": busy.study.catalogue.default.paths[0].key}
    verbs = sorted({verb for _, verb in busy.bot._component_handlers})[part::PARTS]
    assert len(verbs) > 20
    wrong = []
    for verb in verbs:
        for state in STATES:
            for data in thrice(f"{verb}{state.format(**known)}"[:90], "not what it offers"):
                reply = await sent_in(busy, who, data)
                sent = data["custom_id"]
                if reply.result.modal is None:
                    assert reply.result.response or reply.result.followups, f"{sent}: no answer"
                    assert reply.private, sent
                    assert "Ada" not in reply.text, sent
                    if WRONG in reply.text:
                        wrong.append(sent)
        assert all_but(rows, who) == before, verb
    assert wrong == [], "a refusal, not an internal error"
    assert not [text for text in busy.channel_texts()[spoken:] if "Ada" in text]


def chosen(part: dict[str, Any]) -> list[str]:
    return [part["options"][0]["value"]] if part["type"] == 3 else []


async def test_another_members_undo_has_no_effect(busy, rows):
    """Both ticked the same unit, but the change belongs to only one of them."""
    of_ada = await busy.command(busy.ada, "complete", what="monitor")
    await busy.command(busy.bruno, "complete", what="monitor")
    before = rows("select * from tick order by learner_id, course, route")
    reply = await busy.press(busy.bruno, of_ada.custom_id("Undo"), of_ada.message)
    assert "That change has already been undone." in reply.text
    assert rows("select * from tick order by learner_id, course, route") == before


@pytest.mark.parametrize("part", range(PARTS))
async def test_forged_states_of_the_set_up_panel_are_refused_for_managers_too(digest_sim, part):
    """A manager's client can send anything. Nothing of it is an internal error, and the server's digest stays on."""
    await digest_sim.set_up()
    verbs = sorted({verb for _, verb in digest_sim.bot._component_handlers if verb.startswith("setup")} | {"panel"})
    known = {
        "ada": digest_sim.ada.id,
        "server": digest_sim.guild.id,
        "key": digest_sim.study.catalogue.default.paths[0].key,
    }
    kinds = ("c", "a", "r", "s", "m", "n", "o", "i", "d", "post", "ask", "preview", "channel", "on", "time")
    states = [*STATES, *(f":{kind}{state}" for kind in kinds for state in STATES)]
    wrong = []
    for verb in verbs:
        for state in states[part::PARTS]:
            for data in thrice(f"{verb}{state.format(**known)}"[:90], "not what it offers"):
                reply = await sent_in(digest_sim, digest_sim.boss, data)
                if reply.result.modal is None and WRONG in reply.text:
                    wrong.append(data["custom_id"])
    assert wrong == []
