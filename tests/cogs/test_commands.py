"""Each command as a member types it, and its response."""

from datetime import timedelta

import pytest

from bot.views.buttons import custom_id
from tests.cogs.conftest import parts

EVERY = [
    ("overview", {}),
    ("paths", {}),
    ("paths", {"find": "deploy"}),
    ("paths", {"find": "deploy/configure-azure-app-services"}),
    ("paths", {"find": "backup"}),
    ("paths", {"find": "deploy/configure-azure-app-services/1-introduction"}),
    ("complete", {"what": "monitor/intro-to-azure-backup"}),
    ("undo", {"what": "monitor"}),
    ("next", {}),
    ("progress", {}),
    ("plan", {}),
    ("readiness", {}),
    ("review", {}),
    ("mock-exam", {}),
    ("remind", {}),
    ("start", {}),
    ("help", {}),
    ("privacy", {}),
]
DEPLOY = "Deploy and manage Azure compute resources"
LINKED = f"[{DEPLOY}](https://learn.microsoft.com/training/paths/az-104-manage-compute-resources)"
APP_SERVICE = "configure-azure-app-services"


@pytest.mark.parametrize(("name", "options"), EVERY)
async def test_every_response_is_private(sim, name, options):
    await sim.set_plan(sim.ada, exam="2026-12-18", hours="6")
    await sim.set_reminder(sim.ada)
    reply = await sim.command(sim.ada, name, **options)
    assert reply.private
    assert reply.public == []
    assert "⚠️" not in reply.text


@pytest.mark.parametrize(("name", "options"), EVERY)
async def test_every_command_works_in_direct_messages(sim, name, options):
    await sim.set_plan(sim.ada.user, exam="2026-12-18", hours="6")
    await sim.set_reminder(sim.ada.user)
    reply = await sim.command(sim.ada.user, name, **options)
    assert reply.text
    assert "⚠️" not in reply.text
    assert "Share" not in reply.buttons, "no channel to share with"


async def test_the_list_above_is_complete(sim):
    of_everybody = {"quiz"}  # public; see tests/quiz
    assert {name for name, _ in EVERY} | of_everybody == set(sim.ada.available_commands(sim.channel))


# --- looking at the course ------------------------------------------------------------------------------------------


async def test_overview_fits_on_a_screen_and_more_is_behind_a_button(sim):
    reply = await sim.command(sim.ada, "overview")
    course = sim.study.catalogue.default
    for said in (
        "AZ-104 · Microsoft Azure Administrator",
        "6 paths · 29 modules · 242 units",
        "Azure Administrator Associate",
        "**Exam:** 1 h 40 min · passing score 700 out of 1000",
    ):
        assert said in reply.text
    assert len(reply.text) < 600
    assert reply.buttons == ["Start", "Paths", "More", "Other courses"]
    more = await sim.click(sim.ada, reply, "More")
    assert more.message.id == reply.message.id
    for said in (
        "Who it's for",
        "Virtualization on premises",
        "What you'll learn",
        "20–25% Manage Azure identities and governance",
        "15–20% Implement and manage storage",
        "20–25% Deploy and manage Azure compute resources",
        "15–20% Implement and manage virtual networking",
        "10–15% Monitor and maintain Azure resources",
        "Exam outline as of April 17, 2026",
    ):
        assert said in more.text
    assert list(more.links.values()) == [
        course.links.certification,
        course.links.study_guide,
        course.links.practice_assessment,
    ]
    assert (await sim.click(sim.ada, more, "Back")).text == reply.text
    assert "### Next: [Introduction](" in (await sim.click(sim.ada, reply, "Start")).text


async def test_the_only_course_has_no_others(sim, course):
    await sim.restart(course({"a": {"m": ["u1"]}}))
    assert (await sim.command(sim.ada, "overview")).buttons == ["Start", "Paths", "More"]


@pytest.mark.parametrize("course", ["az-900", "AZ-900", "az900", "Microsoft Azure Fundamentals"])
async def test_a_course_is_named_by_id_code_or_title(sim, course):
    assert "### AZ-900 · Microsoft Azure Fundamentals" in (await sim.command(sim.ada, "overview", course=course)).text


async def test_other_courses_are_listed_with_my_progress(sim):
    await sim.command(sim.ada, "complete", what="concepts", course="az-900")
    reply = await sim.click(sim.ada, await sim.command(sim.ada, "overview"), "Other courses")
    lines = reply.text.split("\n")
    assert "**7 courses** and your progress" in lines[1]
    share = {line.split("**")[1]: lines[number + 1] for number, line in enumerate(lines) if line.startswith(("○", "◐"))}
    assert list(share) == ["AI-901", "AZ-104", "AZ-305", "AZ-400", "AZ-900", "DP-900", "SC-900"]
    assert "14% · 5 h 7 min left" in share["AZ-900"]
    assert "Not started" in share["AZ-104"]
    opened = await sim.choose(sim.ada, reply, "AZ-900")
    assert "Microsoft Azure Fundamentals" in opened.text
    assert opened.message.id == reply.message.id, "a private message is edited in place"


async def test_paths_lists_the_six_in_order_with_ticks_modules_minutes_and_share(sim):
    await sim.command(sim.ada, "complete", what="monitor")
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    reply = await sim.command(sim.ada, "paths")
    assert "**1 of 6 paths**" in reply.text
    lines = reply.text.split("\n")
    listed = [
        (line[0], "\n".join(lines[number + 1 : number + 2 + (line[0] != "✅")]))
        for number, line in enumerate(lines)
        if line.startswith(("○ ", "◐ ", "✅ "))
    ]
    empty = "▱" * 10
    assert listed == [
        ("○", f"{empty} 0%\n-# 4 modules · 2 h 24 min left"),
        ("○", f"{empty} 0%\n-# 6 modules · 3 h 36 min left"),
        ("○", f"{empty} 0%\n-# 4 modules · 1 h 54 min left"),
        ("◐", "▰▰▰▱▱▱▱▱▱▱ 31%\n-# 1 of 5 modules · 2 h 18 min left"),
        ("○", f"{empty} 0%\n-# 8 modules · 4 h 21 min left"),
        ("✅", "-# Done · 2 modules"),
    ]
    assert reply.buttons == ["Open"] * 6 + ["Next", "Share"]
    deploy = sim.study.catalogue.default.nodes["deploy"]
    opened = await sim.press(sim.ada, custom_id("", "open", deploy.key), reply.message)
    assert f"### {LINKED}" in opened.text
    assert "**1 of 5 modules**" in opened.text


async def test_find_opens_a_path_with_its_modules_and_a_module_with_its_units(sim):
    reply = await sim.command(sim.ada, "paths", find="deploy")
    path = sim.study.catalogue.default.nodes["deploy"]
    assert f"### {LINKED}" in reply.text
    for module in path.modules:
        assert f"○ [{module.title}]({module.link})" in reply.text
    inside = await sim.choose(sim.ada, reply, "Configure Azure App Service")
    assert "**0 of 13 units** · 1 h 3 min left" in inside.text
    assert f"AZ-104 › {DEPLOY}" in inside.text
    units = sim.study.catalogue.default.nodes[f"deploy/{APP_SERVICE}"].units
    assert [f"[{unit.title}]({unit.link})" in inside.text for unit in units] == [True] * 13
    assert "25 min · exercise" in inside.text
    named = await sim.command(sim.ada, "paths", find=f"deploy/{APP_SERVICE}")
    assert named.text == inside.text
    back = await sim.click(sim.ada, inside, "Back to path")
    assert back.text == reply.text


async def test_find_opens_a_unit(sim, clock):
    route = f"deploy/{APP_SERVICE}/6-add-deployment-slots"
    unit = sim.study.catalogue.default.nodes[route]
    reply = await sim.command(sim.ada, "paths", find="add deployment slots")
    assert f"### [Add deployment slots]({unit.link})" in reply.text
    assert "5 min · unit 6 of 13" in reply.text
    assert f"AZ-104 › {DEPLOY} › Configure Azure App Service" in reply.text
    assert reply.buttons == ["Done", "Open", "View module"]
    assert "Add deployment slots](" in (await sim.click(sim.ada, reply, "Done")).text
    done = await sim.command(sim.ada, "paths", find=route)
    assert f"✅ You completed it on <t:{int(clock.now().timestamp())}:D>." in done.text
    undone = await sim.click(sim.ada, done, "Not done")
    assert "is no longer marked complete" in undone.text
    assert "Done" in (await sim.command(sim.ada, "paths", find=route)).buttons


@pytest.mark.parametrize("text", ["backup", "backup azure"])
async def test_find_lists_what_a_text_can_mean(sim, text):
    reply = await sim.command(sim.ada, "paths", find=text)
    assert f"results for “{text}”" in reply.text
    assert "Introduction to Azure Backup](https://learn.microsoft.com/" in reply.text
    assert "module · 18 min · Monitor and back up Azure resources" in reply.text
    opened = await sim.choose(sim.ada, reply, "Introduction to Azure Backup")
    assert "**0 of 6 units**" in opened.text


async def test_find_in_one_course(sim):
    reply = await sim.command(sim.ada, "paths", find="pipelines", course="az-400")
    (menu,) = [part for part in parts(reply.message.components) if part.get("type") == 3]
    assert all("in AZ-400" in option["description"] for option in menu["options"])
    assert "AZ-104" not in reply.text


async def test_find_opens_a_path_of_another_course(sim):
    assert "-# AZ-900" in (await sim.command(sim.ada, "paths", find="describe cloud concepts")).text


# --- completing ----------------------------------------------------------------------------------------------------


async def test_complete_deploy_as_typed(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert reply.private
    assert f"✅ {LINKED}: done" in reply.text
    assert "**1 of 6 paths** · 13 h 8 min left" in reply.text
    assert "48 units completed · 3 h 21 min" in reply.text
    assert "Next: [Introduction](" in reply.text
    assert "in Introduction to Azure Cloud Shell" in reply.text
    assert reply.buttons == ["Next", "Undo", "Share", "Visible", "Hidden"]
    assert sim.channel_texts() == [], "nothing is announced without being asked"
    assert rows("select count(*), min(server_id) from tick where learner_id = ?", sim.ada.id) == [(48, sim.guild.id)]


@pytest.mark.parametrize(
    "typed", ["deploy", "DEPLOY", " deploy ", DEPLOY, "az104-deploy", "az-104/deploy", "deploy and man"]
)
async def test_a_path_is_named_by_id_title_alias_or_full_id(sim, typed):
    assert f"{LINKED}: done" in (await sim.command(sim.ada, "complete", what=typed)).text


@pytest.mark.parametrize("typed", [f"deploy/{APP_SERVICE}", APP_SERVICE, "Configure Azure App Service"])
async def test_a_module_is_named_by_id_full_id_or_title(sim, typed):
    reply = await sim.command(sim.ada, "complete", what=typed)
    assert "Configure Azure App Service](" in reply.text
    assert "13 units completed · 1 h 3 min" in reply.text
    assert "Share" not in reply.buttons, "only paths are announced"


async def test_what_a_text_can_mean_is_asked(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="azure app service")
    assert reply.private
    assert "### Which one did you complete?" in reply.text
    assert rows("select * from tick") == []
    done = await sim.choose(sim.ada, reply, "Configure Azure App Service plans")
    assert "Configure Azure App Service plans](" in done.text
    assert "7 units completed" in done.text
    assert done.message.id == reply.message.id


async def test_a_few_results_have_a_button_each(sim, course, rows):
    await sim.restart(course({"one": {"m": ["backup-a"]}, "two": {"n": ["backup-b", "u1"]}}))
    reply = await sim.command(sim.ada, "complete", what="backup", when="2026-11-14")
    assert reply.buttons == ["Unit backup-a", "Unit backup-b"]
    await sim.restart(sim.study.catalogue.default)
    done = await sim.click(sim.ada, reply, "Unit backup-b")
    assert "dated <t:" in done.text
    assert rows("select route from tick") == [("two/n/backup-b",)]
    again = await sim.command(sim.ada, "undo", what="backup")
    undone = await sim.click(sim.ada, again, "Unit backup-b")
    assert "Unit backup-b is no longer marked complete" in undone.text
    assert rows("select * from tick") == []


async def test_titles_that_many_units_share_are_told_apart_by_where_they_are(sim):
    reply = await sim.command(sim.ada, "complete", what="introduction")
    (menu,) = [part for part in parts(reply.message.components) if part.get("type") == 3]
    assert {option["label"] for option in menu["options"]} == {"Introduction"}
    assert len({option["description"] for option in menu["options"]}) == len(menu["options"]) > 4


async def test_a_misspelled_name_is_never_completed(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deplyo")
    assert "### Which one did you complete?" in reply.text
    assert DEPLOY in reply.text
    assert rows("select * from tick") == []


async def test_a_unit_is_ticked_alone(sim, rows):
    reply = await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}/6-add-deployment-slots")
    assert "[Add deployment slots](" in reply.text
    assert "1 unit completed · 5 min" in reply.text
    assert rows("select route from tick") == [(f"deploy/{APP_SERVICE}/6-add-deployment-slots",)]


async def test_completing_twice_changes_nothing_and_says_since_when(sim, clock, rows):
    first = int(clock.now().timestamp())
    await sim.command(sim.ada, "complete", what="deploy")
    clock.move(days=3)
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert f"{LINKED} was already complete" in reply.text
    assert f"You completed it on <t:{first}:D>." in reply.text
    assert "**1 of 6 paths**" in reply.text
    assert "Undo" not in reply.buttons
    assert rows("select distinct made_at from tick") == [(first,)]


@pytest.mark.parametrize(("typed", "back"), [("today", 0), ("yesterday", 1), ("2026-11-01", 19), ("2025-11-20", 365)])
async def test_a_tick_can_be_dated_back(sim, clock, rows, typed, back):
    reply = await sim.command(sim.ada, "complete", what="deploy", when=typed)
    assert "**1 of 6 paths**" in reply.text
    ((done_at, made_at),) = rows("select distinct done_at, made_at from tick")
    assert made_at == int(clock.now().timestamp())
    noon = (clock.now() - timedelta(days=back)).replace(hour=12, minute=0)
    assert done_at == (int(noon.timestamp()) if back else made_at)
    assert ("dated <t:" in reply.text) == (back > 0)


async def test_all_of_a_course(sim):
    for path in sim.study.catalogue.default.paths:
        reply = await sim.command(sim.ada, "complete", what=path.id)
    assert "**6 of 6 paths** · done" in reply.text
    assert "That's all of AZ-104. 🎉" in reply.text
    assert "Next" not in reply.buttons
    done = await sim.command(sim.ada, "next")
    assert "All of AZ-104 is done 🎉" in done.text
    assert done.buttons[:2] == ["Readiness", "Other courses"]


async def test_undo_takes_back_the_last_tick(sim, clock):
    await sim.command(sim.ada, "complete", what="deploy")
    clock.move(minutes=5)
    await sim.command(sim.ada, "complete", what="manage/understand-azure-active-directory")
    first = await sim.command(sim.ada, "undo")
    assert "Understand Microsoft Entra ID](" in first.text
    assert "no longer marked complete" in first.text
    assert "**1 of 6 paths**" in first.text
    second = await sim.command(sim.ada, "undo")
    assert f"{LINKED} is no longer marked complete" in second.text
    assert "**0 of 6 paths**" in second.text


async def test_undo_of_something_named_leaves_its_siblings(sim, rows):
    await sim.command(sim.ada, "complete", what="deploy")
    reply = await sim.command(sim.ada, "undo", what=f"deploy/{APP_SERVICE}")
    assert "Configure Azure App Service](" in reply.text
    assert "13 units unmarked" in reply.text
    assert "0 unit" not in reply.text
    assert "**0 of 6 paths**" in reply.text
    assert rows("select count(*) from tick") == [(35,)]
    again = await sim.command(sim.ada, "undo", what=f"deploy/{APP_SERVICE}")
    assert "wasn't marked complete" in again.text
    assert "Nothing changed." in again.text


async def test_next_is_the_first_thing_not_done(sim):
    reply = await sim.command(sim.ada, "next")
    assert "### Next: [Introduction](" in reply.text
    assert "3 min · unit 1 of 6" in reply.text
    assert "AZ-104 › Prerequisites for Azure administrators › Introduction to Azure Cloud Shell" in reply.text
    unit = sim.study.catalogue.default.nodes["prerequisites/intro-to-azure-cloud-shell/1-introduction"]
    assert reply.links == {"Open": unit.link}
    await sim.command(sim.ada, "complete", what="prerequisites")
    assert "Understand Microsoft Entra ID" in (await sim.command(sim.ada, "next")).text
    assert "AZ-900" in (await sim.command(sim.ada, "next", course="az-900")).text


async def test_progress_shows_shares_minutes_and_the_last_ticks(sim, clock):
    await sim.command(sim.ada, "complete", what="deploy")
    clock.move(days=1)
    await sim.command(sim.ada, "complete", what="monitor/intro-to-azure-backup")
    reply = await sim.command(sim.ada, "progress")
    assert "### Your progress · AZ-104" in reply.text
    assert "3 h 39 min of 16 h 29 min completed" in reply.text
    assert f"✅ {DEPLOY} · done" in reply.text
    assert "◐ Monitor and back up Azure resources · 34% · 35 min left" in reply.text
    latest = reply.text.split("**Latest**\n")[1].split("\n")
    assert latest[0].startswith("- [Introduction to Azure Backup](")
    assert latest[0].endswith(f"<t:{int(clock.now().timestamp())}:D>")
    assert latest[1].startswith(f"- {LINKED} · <t:")


async def test_members_of_a_cohort_see_each_other(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.join(sim.ada, sim.bruno)
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert reply.private
    assert "### Ada · AZ-104" in reply.text
    assert "**1 of 6 paths**" in reply.text
    assert reply.buttons == []
    own = await sim.command(sim.ada, "progress", member=sim.ada)
    assert "### Your progress · AZ-104" in own.text


async def test_the_menu_of_a_member_shows_their_progress(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.join(sim.ada, sim.bruno)
    reply = await sim.menu(sim.bruno, "Progress", sim.ada)
    assert reply.private
    assert "### Ada · AZ-104\n**1 of 6 paths**" in reply.text
    assert "### Your progress · AZ-104" in (await sim.menu(sim.bruno, "Progress", sim.bruno)).text
    assert "isn't in this server's AZ-104 study group" in (await sim.menu(sim.bruno, "Progress", sim.cleo)).text


async def test_empty_states_have_one_button_that_starts_something(sim):
    progress = await sim.command(sim.ada, "progress")
    assert "Nothing completed yet." in progress.text
    assert progress.buttons == ["Start", "Paths", "Who passed"]
    assert "### Next:" in (await sim.click(sim.ada, progress, "Start")).text
    undo = await sim.command(sim.ada, "undo")
    assert undo.text.startswith("Nothing to undo yet."), "nothing is wrong"
    assert undo.buttons == ["Start"]
    assert "### Next:" in (await sim.click(sim.ada, undo, "Start")).text
    other = await sim.command(sim.ada, "progress", member=sim.bruno)
    assert other.text.startswith("Members of this server's AZ-104 study group can see each other's progress.")
    assert other.buttons == ["Join"]
    assert "You're in this server's AZ-104 study group" in (await sim.click(sim.ada, other, "Join")).text


# --- while somebody types -------------------------------------------------------------------------------------------


async def test_autocomplete_needs_no_database(sim):
    await sim.store.close()
    course = sim.study.catalogue.default
    offered = await sim.offered(sim.ada, "complete", "what", "")
    assert list(offered.values())[:6] == [path.key for path in course.paths]
    assert next(iter(offered)) == f"{course.paths[0].title} · learning path"
    for command, option in (("undo", "what"), ("paths", "find")):
        assert "Add deployment slots · unit of Configure Azure App Service" in await sim.offered(
            sim.ada, command, option, "slots"
        )
    assert (await sim.offered(sim.ada, "overview", "course", "funda")) == {
        "AI-901 Microsoft Azure AI Fundamentals": "ai-901",
        "AZ-900 Microsoft Azure Fundamentals": "az-900",
        "DP-900 Microsoft Azure Data Fundamentals": "dp-900",
        "SC-900 Microsoft Security, Compliance, and Identity Fundamentals": "sc-900",
    }
    days = await sim.offered(sim.ada, "complete", "when", "", what="deploy")
    assert list(days.items())[:3] == [
        ("Today", "today"),
        ("Yesterday", "yesterday"),
        ("Thursday, November 19", "2026-11-19"),
    ]
    assert await sim.offered(sim.ada, "complete", "when", "last tuesday") == {"Tuesday, November 17": "last tuesday"}
    assert await sim.offered(sim.ada, "complete", "when", "4/3") == {
        "Friday, April 3": "2026-04-03",
        "Wednesday, March 4": "2026-03-04",
    }
    assert await sim.offered(sim.ada, "complete", "when", "qqq") == {}
    assert await sim.offered(sim.ada.user, "complete", "what", "netw")


@pytest.mark.parametrize(
    ("option", "typed", "filled", "first"),
    [
        ("what", "depoly", {}, "deploy"),
        ("what", "virtaul networks", {}, "configure"),
        ("what", "concpets", {"course": "az-900"}, "concepts"),
        ("what", "app servcie", {}, "deploy/configure-azure-app-services"),
    ],
)
async def test_autocomplete_tolerates_typos(sim, option, typed, filled, first):
    offered = await sim.offered(sim.ada, "complete", option, typed, **filled)
    routes = [sim.study.catalogue.by_key(key)[1].route for key in offered.values()]
    assert first in routes[:4]


async def test_what_is_offered_is_completed(sim):
    offered = await sim.offered(sim.ada, "complete", "what", "deployment slots")
    reply = await sim.command(
        sim.ada, "complete", what=offered["Add deployment slots · unit of Configure Azure App Service"]
    )
    assert "1 unit completed · 5 min" in reply.text


@pytest.mark.parametrize("typed", ["", "a", "introduction", "x" * 100, "zzzzqqq", "`*_~[]()"])
async def test_autocomplete_respects_discords_limits(sim, typed):
    for option in ("what", "when", "course"):
        found = await sim.choices(sim.ada, "complete", option, typed)
        assert len(found) <= 25
        assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100 for choice in found)
