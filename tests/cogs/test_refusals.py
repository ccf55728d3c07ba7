"""Refusals and internal errors."""

import re

import pytest
from simcord.enums import InteractionType

WRONG = "Something went wrong on my end"
NETWORKS = "Configure and manage virtual networks for Azure administrators"
DEPLOY = "Deploy and manage Azure compute resources"

REFUSED = {
    "nothing like it": ("complete", {"what": "qqqq"}, "No results for “qqqq”. Try a single word, such as “backup”."),
    "blanks": ("paths", {"find": "  "}, "No results for"),
    "markup": ("paths", {"find": "**`@everyone`** <@1>"}, "No results for “everyone 1”"),
    "a day to come": (
        "complete",
        {"what": "deploy", "when": "2026-11-21"},
        "November 21, 2026 is in the future. The latest date you can use is November 20, 2026.",
    ),
    "too long ago": (
        "complete",
        {"what": "deploy", "when": "2025-11-19"},
        "November 19, 2025 is too long ago. The earliest date you can use is November 20, 2025.",
    ),
    "no date": ("complete", {"what": "deploy", "when": "whenever"}, "“whenever” isn't a date I understand."),
    "no day of the calendar": ("complete", {"what": "deploy", "when": "2026-02-30"}, "Try “yesterday”"),
    "an unknown course": ("overview", {"course": "az-140"}, "There is no course “az-140”. Did you mean AZ-104"),
    "an unknown course for a completion": (
        "complete",
        {"what": "deploy", "course": "cka"},
        "There is no course “cka”",
    ),
    "a path of another course": (
        "paths",
        {"find": "xylophone", "course": "az-104"},
        "No results for “xylophone” in AZ-104",
    ),
    "a bot": ("progress", {"member": "bot"}, "is a bot, so it doesn't study"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refusal_explains_the_problem_and_the_remedy(sim, rows, case):
    name, options, says = REFUSED[case]
    if options.get("member") == "bot":
        options = {"member": sim.guild.add_member(sim.env.create_user("robot", bot=True))}
    reply = await sim.command(sim.ada, name, **options)
    assert says in reply.text
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert reply.private
    assert reply.public == []
    assert rows("select count(*) from tick") == [(0,)]


async def test_progress_of_a_member_outside_the_cohort_is_refused(sim):
    await sim.join(sim.ada)
    reply = await sim.command(sim.ada, "progress", member=sim.bruno)
    assert f"<@{sim.bruno.id}> isn't in this server's AZ-104 study group, or has hidden their progress" in reply.text


async def test_somebody_outside_the_cohort_sees_nobodys_progress(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.join(sim.ada)
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert "Members of this server's AZ-104 study group can see each other's progress." in reply.text
    assert "1 of 6" not in reply.text


async def test_a_hidden_member_and_one_outside_are_refused_in_the_same_words(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", what="deploy")
    await sim.join(sim.ada, sim.bruno)
    await sim.study.privacy.set_visibility(sim.ada.id, hidden=True)
    hidden = await sim.command(sim.bruno, "progress", member=sim.ada)
    outside = await sim.command(sim.bruno, "progress", member=sim.cleo)
    assert hidden.text.replace(str(sim.ada.id), str(sim.cleo.id)) == outside.text
    assert "1 of 6" not in hidden.text
    own = await sim.command(sim.ada, "progress")
    assert "**1 of 6 paths**" in own.text, "a hidden member still sees their own"


async def test_progress_of_another_is_refused_in_direct_messages(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", what="deploy")
    await sim.join(sim.ada, sim.bruno)
    reply = await sim.command(sim.ada.user, "progress", member=sim.bruno.user)
    assert "only view another member's progress in a server you study in together" in reply.text


async def test_cohorts_are_those_of_one_course(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.join(sim.ada)
    await sim.join(sim.bruno, course="az-900")
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert "Members of this server's AZ-104 study group can" in reply.text


async def test_members_who_left_the_cohort_are_not_visible(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", what="deploy")
    await sim.join(sim.ada, sim.bruno)
    kept = await sim.command(sim.ada, "privacy")
    await sim.click(sim.ada, kept, "Leave this study group")
    assert "isn't in this server's" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    assert "Members of this server's" in (await sim.command(sim.ada, "progress", member=sim.bruno)).text


# --- what a client of an older version may send ---------------------------------------------------------------------


async def sent_raw(sim, name, *options):
    """Dispatch a command as a client with outdated commands does."""
    known = sim.env.backend.find_command(name, None) or {"id": "1"}
    data = {"id": known["id"], "name": name, "type": 1, "options": list(options)}
    return await sim.dispatch(sim.ada, InteractionType.APPLICATION_COMMAND, data)


@pytest.mark.parametrize("name", ["flashcards", "complete"])
async def test_an_outdated_command_is_answered(sim, name):
    reply = await sent_raw(sim, name)
    assert reply.private
    assert "This command was just updated." in reply.text


async def test_an_option_of_another_type_is_answered(sim, rows):
    reply = await sent_raw(sim, "complete", {"name": "what", "type": 4, "value": 12})
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert rows("select * from tick") == []


# --- faults of the bot ----------------------------------------------------------------------------------------------


def reference_in(text):
    """Return the reference in the message about an internal error."""
    found = re.search(WRONG + r".* code: `([0-9a-f]{8})`", text)
    assert found, text
    return found[1]


async def test_an_internal_error_has_a_reference_that_is_in_the_log(sim, logged):
    shown = await sim.command(sim.ada, "complete", what="deploy")
    module = await sim.command(sim.ada, "paths", find="deploy")
    paths = await sim.command(sim.ada, "paths")
    form = await sim.click(sim.ada, module, "Mark complete…")
    await sim.store.close()
    references = []
    for reply in (
        await sim.command(sim.ada, "complete", what="manage"),
        await sim.command(sim.ada.user, "progress"),
        await sim.click(sim.ada, shown, "Undo"),
        await sim.press(sim.ada, paths.custom_id("Open"), paths.message),
        await sim.submit(sim.ada, form),
    ):
        assert reply.private
        references.append(reference_in(reply.text))
    assert len(set(references)) == 5
    for reference in references:
        (line,) = [line for line in logged.lines if line.startswith("ERROR") and f"ref={reference}" in line]
        assert " error=" in line, "with its frames"


async def test_a_late_response_is_not_an_error_and_the_tick_is_stored(sim, rows, caplog):
    sim.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert reply.result.response is None
    assert rows("select count(*) from tick") == [(48,)]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_rejected_share_is_not_confirmed(sim):
    reply = await sim.command(sim.ada, "paths")
    sim.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    pressed = await sim.click(sim.ada, reply, "Share")
    assert sim.channel_texts() == []
    assert "nothing was shared" in pressed.text
