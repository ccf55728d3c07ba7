"""Refusals and internal errors."""

import re

import pytest
from simcord.enums import InteractionType

WRONG = "Something went wrong on my side"
NETWORKS = "Configure and manage virtual networks for Azure administrators"
DEPLOY = "Deploy and manage Azure compute resources"

REFUSED = {
    "an unknown path": ("complete", {"path": "deplyo"}, f"Did you mean `deploy` ({DEPLOY})?"),
    "nothing like it": (
        "complete",
        {"path": "qqqq"},
        "AZ-104 has no learning path “qqqq”. Did you mean `prerequisites`",
    ),
    "blanks": ("path", {"path": "  "}, "AZ-104 has no learning path"),
    "markup": ("path", {"path": "**`@everyone`** <@1>"}, "has no learning path “everyone 1”"),
    "module of another path": (
        "complete",
        {"path": "deploy", "module": "configure-virtual-networks"},
        f"is a module of **{NETWORKS}**, not of **{DEPLOY}**. Choose path `configure` for it.",
    ),
    "unit of another path": (
        "complete",
        {"path": "deploy", "unit": "2-what-is-azure-backup"},
        "is a unit of **Monitor and back up Azure resources**",
    ),
    "an unknown module": (
        "path",
        {"path": "deploy", "module": "configure-app-servise-plan"},
        "Did you mean `configure-app-service-plans` (Configure Azure App Service plans)",
    ),
    "an unknown unit": (
        "complete",
        {"path": "deploy", "module": "configure-app-service-plans", "unit": "12345"},
        "has no unit “12345”",
    ),
    "a unit that several modules have": (
        "complete",
        {"path": "deploy", "unit": "1-introduction"},
        "5 units of **Deploy and manage Azure compute resources** are called “1-introduction”. Name the module too.",
    ),
    "a day to come": ("complete", {"path": "deploy", "on": "2026-11-21"}, "`2026-11-20` (UTC) at the latest"),
    "too long ago": (
        "complete",
        {"path": "deploy", "on": "2025-11-19"},
        "the earliest day that can be given is `2025-11-20`",
    ),
    "no date": ("complete", {"path": "deploy", "on": "next week"}, "“next week” is not a date."),
    "no day of the calendar": ("complete", {"path": "deploy", "on": "2026-02-30"}, "for example `2026-11-20`"),
    "another notation": ("complete", {"path": "deploy", "on": "20.11.2026"}, "Write it as year-month-day"),
    "an unknown course": ("overview", {"course": "az-140"}, "There is no course “az-140”. Did you mean AZ-104"),
    "an unknown course for a tick": ("complete", {"path": "deploy", "course": "cka"}, "There is no course “cka”"),
    "a path of another course": ("path", {"path": "concepts"}, "AZ-104 has no learning path “concepts”"),
    "a module without its path": ("undo", {"module": "configure-vnet-peering"}, "Name the `path` too"),
    "nothing to undo": ("undo", {}, "There is nothing to undo: you have not ticked anything yet."),
    "nothing found": ("search", {"text": "xylophone quartet"}, "fits “xylophone quartet”"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refusal_explains_the_problem_and_the_remedy(sim, rows, case):
    name, options, says = REFUSED[case]
    reply = await sim.command(sim.ada, name, **options)
    assert says in reply.text
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert reply.private
    assert reply.public == []
    assert rows("select count(*) from tick") == [(0,)]


async def test_no_more_than_three_names_are_suggested(sim):
    reply = await sim.command(sim.ada, "path", path="azure")
    assert len(re.findall(r"`[a-z-]+`", reply.text)) == 3


async def test_progress_of_a_member_outside_the_cohort_is_refused(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    reply = await sim.command(sim.ada, "progress", member=sim.bruno)
    assert f"<@{sim.bruno.id}> hasn't joined this server's AZ-104 cohort, or keeps their progress" in reply.text


async def test_somebody_outside_the_cohort_sees_nobodys_progress(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert "Only members of this server's AZ-104 cohort see each other's progress." in reply.text
    assert "1 of 6" not in reply.text


async def test_a_hidden_member_and_one_outside_are_refused_in_the_same_words(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", path="deploy")
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    hidden = await sim.command(sim.bruno, "progress", member=sim.ada)
    outside = await sim.command(sim.bruno, "progress", member=sim.cleo)
    assert hidden.text.replace(str(sim.ada.id), str(sim.cleo.id)) == outside.text
    assert "1 of 6" not in hidden.text
    own = await sim.command(sim.ada, "progress")
    assert "**1 of 6 paths**" in own.text, "a hidden member still sees their own"


async def test_progress_of_another_is_refused_in_direct_messages(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", path="deploy")
    reply = await sim.command(sim.ada.user, "progress", member=sim.bruno.user)
    assert "only in a server where you study together" in reply.text


async def test_cohorts_are_those_of_one_course(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    await sim.command(sim.bruno, "complete", path="concepts", course="az-900")
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert "Only members of this server's AZ-104 cohort" in reply.text


async def test_members_who_left_the_cohort_are_not_visible(sim):
    for member in (sim.ada, sim.bruno):
        await sim.command(member, "complete", path="deploy")
    kept = await sim.command(sim.ada, "privacy show")
    await sim.click(sim.ada, kept, "Leave this server's cohort")
    assert "hasn't joined" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    assert "Only members" in (await sim.command(sim.ada, "progress", member=sim.bruno)).text


# --- what a client of an older version may send ---------------------------------------------------------------------


async def sent_raw(sim, name, *options):
    """Dispatch a command as a client with outdated commands does."""
    known = sim.env.backend.find_command(name, None) or {"id": "1"}
    data = {"id": known["id"], "name": name, "type": 1, "options": list(options)}
    return await sim.dispatch(sim.ada, InteractionType.APPLICATION_COMMAND, data)


@pytest.mark.parametrize("name", ["flashcards", "complete", "privacy"])
async def test_an_outdated_command_is_answered(sim, name):
    reply = await sent_raw(sim, name)
    assert reply.private
    assert "This command has just changed." in reply.text


async def test_an_option_of_another_type_is_answered(sim, rows):
    reply = await sent_raw(sim, "complete", {"name": "path", "type": 4, "value": 12})
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert rows("select * from tick") == []


# --- faults of the bot ----------------------------------------------------------------------------------------------


def reference_in(text):
    """Return the reference in the message about an internal error."""
    found = re.search(WRONG + r".* reference: `([0-9a-f]{8})`", text)
    assert found, text
    return found[1]


async def test_an_internal_error_has_a_reference_that_is_in_the_log(sim, logged):
    shown = await sim.command(sim.ada, "complete", path="deploy")
    module = await sim.command(sim.ada, "path", path="deploy")
    paths = await sim.command(sim.ada, "paths")
    form = await sim.click(sim.ada, module, "Tick")
    await sim.store.close()
    references = []
    for reply in (
        await sim.command(sim.ada, "complete", path="manage"),
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


async def test_the_overview_needs_no_database(sim):
    await sim.store.close()
    assert "Microsoft Azure Administrator" in (await sim.command(sim.ada, "overview")).text


async def test_a_late_response_is_not_an_error_and_the_tick_is_stored(sim, rows, caplog):
    sim.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    reply = await sim.command(sim.ada, "complete", path="deploy")
    assert reply.result.response is None
    assert rows("select count(*) from tick") == [(48,)]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_rejected_public_follow_up_does_not_fail_the_command(sim, caplog):
    sim.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    reply = await sim.command(sim.ada, "complete", path="deploy")
    assert "**1 of 6 paths**" in reply.text
    assert reply.public == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_rejected_share_is_not_confirmed(sim):
    reply = await sim.command(sim.ada, "paths")
    sim.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    pressed = await sim.click(sim.ada, reply, "Share")
    assert sim.channel_texts() == []
    assert "Shared with the channel." not in pressed.text
