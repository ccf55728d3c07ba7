"""Each command as a member types it, and its response."""

from datetime import timedelta

import pytest

from bot.views.buttons import custom_id

EVERY = [
    ("overview", {}),
    ("courses", {}),
    ("paths", {}),
    ("path", {"path": "deploy"}),
    ("path", {"path": "deploy", "module": "configure-azure-app-services"}),
    ("search", {"text": "backup"}),
    ("complete", {"path": "monitor", "module": "intro-to-azure-backup"}),
    ("undo", {"path": "monitor"}),
    ("next", {}),
    ("progress", {}),
    ("me", {}),
    ("plan set", {"exam": "2026-12-18"}),
    ("plan show", {}),
    ("plan calendar", {}),
    ("plan away", {"from": "2026-12-01"}),
    ("plan clear", {}),
    ("readiness", {}),
    ("review", {}),
    ("review", {"show": "stats"}),
    ("exam", {}),
    ("remind set", {"days": "daily", "time": "18:00"}),
    ("remind list", {}),
    ("remind snooze", {}),
    ("remind pause", {}),
    ("remind off", {}),
    ("help", {}),
    ("privacy show", {}),
    ("privacy export", {}),
    ("privacy forget", {}),
    ("privacy visibility", {"setting": "visible"}),
]
DEPLOY = "Deploy and manage Azure compute resources"
APP_SERVICE = "configure-azure-app-services"


@pytest.mark.parametrize(("name", "options"), EVERY)
async def test_every_response_is_private(sim, name, options):
    await sim.command(sim.ada, "plan set", exam="2026-12-18", hours=6)
    await sim.command(sim.ada, "remind set", days="daily", time="18:00")
    reply = await sim.command(sim.ada, name, **options)
    assert reply.private
    assert reply.public == []
    assert "⚠️" not in reply.text


@pytest.mark.parametrize(("name", "options"), EVERY)
async def test_every_command_works_in_direct_messages(sim, name, options):
    await sim.command(sim.ada.user, "plan set", exam="2026-12-18", hours=6)
    await sim.command(sim.ada.user, "remind set", days="daily", time="18:00")
    reply = await sim.command(sim.ada.user, name, **options)
    assert reply.text
    assert "⚠️" not in reply.text
    assert "Share" not in reply.buttons, "no channel to share with"


async def test_the_list_above_is_complete(sim):
    of_everybody = {"quiz"}  # public; see tests/quiz
    assert {name for name, _ in EVERY} | of_everybody == set(sim.ada.available_commands(sim.channel))


# --- looking at the course ------------------------------------------------------------------------------------------


async def test_overview_describes_the_course_and_its_exam(sim):
    reply = await sim.command(sim.ada, "overview")
    for said in (
        "AZ-104 · Microsoft Azure Administrator",
        "6 paths · 29 modules · 242 units",
        "Azure Administrator Associate",
        "Who it is for",
        "Virtualization on premises",
        "Keep Azure identities and governance in order",
        "1 h 40 min · pass with 700 of 1000",
        "20–25 % Manage Azure identities and governance",
        "15–20 % Implement and manage storage",
        "20–25 % Deploy and manage Azure compute resources",
        "15–20 % Implement and manage virtual networking",
        "10–15 % Monitor and maintain Azure resources",
        "17 April 2026",
    ):
        assert said in reply.text
    course = sim.study.catalogue.default
    assert list(reply.links.values()) == [
        course.links.certification,
        course.links.study_guide,
        course.links.practice_assessment,
    ]


@pytest.mark.parametrize("course", ["az-900", "AZ-900", "az900", "Microsoft Azure Fundamentals"])
async def test_a_course_is_named_by_id_code_or_title(sim, course):
    assert "### AZ-900 · Microsoft Azure Fundamentals" in (await sim.command(sim.ada, "overview", course=course)).text


async def test_courses_shows_my_share_of_each(sim):
    await sim.command(sim.ada, "complete", path="concepts", course="az-900")
    reply = await sim.command(sim.ada, "courses")
    lines = reply.text.split("\n")
    assert "4 courses" in lines[1]
    share = {line.split("**")[1]: lines[number + 1] for number, line in enumerate(lines) if line.startswith(("○", "◐"))}
    assert list(share) == ["AZ-104", "AZ-400", "AZ-900", "DP-900"]
    assert "▰▱▱▱▱▱▱▱▱▱ 14% · 5 h 7 min left" in share["AZ-900"]
    assert "0%" in share["AZ-104"]
    opened = await sim.choose(sim.ada, reply, "AZ-900")
    assert "Microsoft Azure Fundamentals" in opened.text
    assert opened.message.id == reply.message.id, "a private message is edited in place"


async def test_paths_lists_the_six_in_order_with_ticks_modules_minutes_and_share(sim):
    await sim.command(sim.ada, "complete", path="monitor")
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
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
    assert f"### {DEPLOY}" in opened.text
    assert "**1 of 5 modules**" in opened.text


async def test_path_shows_the_modules_and_a_module_its_units(sim):
    reply = await sim.command(sim.ada, "path", path="deploy")
    path = sim.study.catalogue.default.nodes["deploy"]
    assert f"### {DEPLOY}" in reply.text
    for module in path.modules:
        assert f"○ [{module.title}]({module.link})" in reply.text
    inside = await sim.choose(sim.ada, reply, "Configure Azure App Service")
    assert "**0 of 13 units** · 1 h 3 min left" in inside.text
    assert f"AZ-104 › {DEPLOY}" in inside.text
    units = sim.study.catalogue.default.nodes[f"deploy/{APP_SERVICE}"].units
    assert [f"[{unit.title}]({unit.link})" in inside.text for unit in units] == [True] * 13
    assert "25 min · exercise" in inside.text
    named = await sim.command(sim.ada, "path", path="deploy", module=APP_SERVICE)
    assert named.text == inside.text
    back = await sim.click(sim.ada, inside, "Back to the path")
    assert back.text == reply.text


@pytest.mark.parametrize("text", ["backup", "bakcup", "BACKUP vault"])
async def test_search_finds_with_typing_errors_and_says_where(sim, text):
    reply = await sim.command(sim.ada, "search", text=text)
    assert "hits" in reply.text
    assert "Introduction to Azure Backup](https://learn.microsoft.com/" in reply.text
    assert "in AZ-104 › Monitor and back up Azure resources" in reply.text
    opened = await sim.choose(sim.ada, reply, "Introduction to Azure Backup")
    assert "**0 of 6 units**" in opened.text


async def test_search_in_one_course(sim):
    reply = await sim.command(sim.ada, "search", text="pipelines", course="az-400")
    assert "in AZ-400" in reply.text
    assert "AZ-104" not in reply.text


# --- ticking --------------------------------------------------------------------------------------------------------


async def test_complete_deploy_as_typed(sim, rows):
    reply = await sim.command(sim.ada, "complete", path="deploy")
    assert reply.private
    assert f"✅ {DEPLOY}: done" in reply.text
    assert "**1 of 6 paths** · 13 h 8 min left" in reply.text
    assert "48 ticks made, 3 h 21 min" in reply.text
    assert "Next: [Introduction](" in reply.text
    assert "in Introduction to Azure Cloud Shell" in reply.text
    assert reply.buttons == ["Next", "Undo", "Share"]
    assert reply.public == [f"🎉 **Ada** completed **{DEPLOY}**\n-# 1 of 6 paths of AZ-104"]
    assert rows("select count(*), min(server_id) from tick where learner_id = ?", sim.ada.id) == [(48, sim.guild.id)]


@pytest.mark.parametrize("typed", ["deploy", "DEPLOY", " deploy ", DEPLOY, "az104-deploy", "az-104/deploy"])
async def test_a_path_is_named_by_id_title_alias_or_full_id(sim, typed):
    assert f"{DEPLOY}: done" in (await sim.command(sim.ada, "complete", path=typed)).text


@pytest.mark.parametrize(
    "options",
    [
        {"path": "deploy", "module": APP_SERVICE},
        {"path": "deploy", "module": "Configure Azure App Service"},
        {"path": f"deploy/{APP_SERVICE}"},
    ],
)
async def test_a_module_is_named_within_its_path_or_by_its_full_id(sim, options):
    reply = await sim.command(sim.ada, "complete", **options)
    assert "Configure Azure App Service](" in reply.text
    assert "13 ticks made, 1 h 3 min" in reply.text
    assert reply.public == []


async def test_a_unit_is_ticked_alone(sim, rows):
    reply = await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE, unit="6-add-deployment-slots")
    assert "[Add deployment slots](" in reply.text
    assert "1 tick made, 5 min" in reply.text
    assert rows("select route from tick") == [(f"deploy/{APP_SERVICE}/6-add-deployment-slots",)]


async def test_ticking_twice_changes_nothing_and_says_since_when(sim, clock, rows):
    first = int(clock.now().timestamp())
    await sim.command(sim.ada, "complete", path="deploy")
    clock.move(days=3)
    reply = await sim.command(sim.ada, "complete", path="deploy")
    assert f"{DEPLOY}: already ticked" in reply.text
    assert f"Nothing changed: it has been ticked since <t:{first}:D>." in reply.text
    assert "**1 of 6 paths**" in reply.text
    assert "Undo" not in reply.buttons
    assert reply.public == []
    assert rows("select distinct made_at from tick") == [(first,)]


@pytest.mark.parametrize(("typed", "back"), [("today", 0), ("yesterday", 1), ("2026-11-01", 19), ("2025-11-20", 365)])
async def test_a_tick_can_be_dated_back(sim, clock, rows, typed, back):
    reply = await sim.command(sim.ada, "complete", path="deploy", on=typed)
    assert "**1 of 6 paths**" in reply.text
    ((done_at, made_at),) = rows("select distinct done_at, made_at from tick")
    assert made_at == int(clock.now().timestamp())
    noon = (clock.now() - timedelta(days=back)).replace(hour=12, minute=0)
    assert done_at == (int(noon.timestamp()) if back else made_at)
    assert ("dated <t:" in reply.text) == (back > 0)


async def test_the_first_tick_in_a_server_joins_its_cohort_and_says_so(sim):
    first = await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    assert "You have joined this server's AZ-104 cohort" in first.text
    assert "joined" not in (await sim.command(sim.ada, "complete", path="manage")).text


async def test_a_path_is_public_only_the_first_time(sim):
    public = [(await sim.command(sim.ada, "complete", path="deploy")).public]
    await sim.command(sim.ada, "undo")
    public.append((await sim.command(sim.ada, "complete", path="deploy")).public)
    assert [len(lines) for lines in public] == [1, 0]
    assert len(sim.channel_texts()) == 1


async def test_the_last_module_of_a_path_is_public_too(sim):
    first = await sim.command(sim.ada, "complete", path="monitor", module="intro-to-azure-backup")
    last = await sim.command(sim.ada, "complete", path="monitor", module="protect-virtual-machines-with-azure-backup")
    assert first.public == []
    assert "**Monitor and back up Azure resources** is complete. 🎉" in last.text
    assert last.public[0].startswith("🎉 **Ada** completed **[Monitor and back up Azure resources]")


async def test_hidden_members_are_not_named_in_the_channel(sim):
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    reply = await sim.command(sim.ada, "complete", path="deploy")
    assert "**1 of 6 paths**" in reply.text
    assert sim.channel_texts() == []


async def test_a_path_completed_in_direct_messages_stays_there(sim):
    alone = await sim.command(sim.ada.user, "complete", path="deploy")
    assert alone.public == []
    assert "joined" not in alone.text
    assert f"{DEPLOY}: already ticked" in (await sim.command(sim.ada, "complete", path="deploy")).text
    assert sim.channel_texts() == []


async def test_names_are_escaped_and_nobody_is_pinged(sim):
    user = sim.env.create_user("eve", global_name="@everyone **[x](https://evil.example)**")
    reply = await sim.command(sim.guild.add_member(user), "complete", path="deploy")
    assert r"@everyone \*\*\[x\]" in reply.public[0]
    assert all(sent["allowed_mentions"] == {"parse": []} for sent in sim.sent("/webhooks/"))


async def test_all_of_a_course(sim):
    for path in sim.study.catalogue.default.paths:
        reply = await sim.command(sim.ada, "complete", path=path.id)
    assert "**6 of 6 paths** · done" in reply.text
    assert "That was all of AZ-104. 🎉" in reply.text
    assert "Next" not in reply.buttons
    done = await sim.command(sim.ada, "next")
    assert "All of AZ-104 is done 🎉" in done.text
    assert "Done" not in done.buttons


async def test_undo_takes_back_the_last_tick(sim, clock):
    await sim.command(sim.ada, "complete", path="deploy")
    clock.move(minutes=5)
    await sim.command(sim.ada, "complete", path="manage", module="understand-azure-active-directory")
    first = await sim.command(sim.ada, "undo")
    assert "Understand Microsoft Entra ID](" in first.text
    assert "no longer ticked" in first.text
    assert "**1 of 6 paths**" in first.text
    second = await sim.command(sim.ada, "undo")
    assert f"{DEPLOY}: no longer ticked" in second.text
    assert "**0 of 6 paths**" in second.text


async def test_undo_of_something_named_leaves_its_siblings(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy")
    reply = await sim.command(sim.ada, "undo", path="deploy", module=APP_SERVICE)
    assert "Configure Azure App Service](" in reply.text
    assert "13 ticks taken back" in reply.text
    assert "0 tick" not in reply.text
    assert "**0 of 6 paths**" in reply.text
    assert rows("select count(*) from tick") == [(35,)]
    again = await sim.command(sim.ada, "undo", path="deploy", module=APP_SERVICE)
    assert "was not ticked" in again.text
    assert "Nothing changed." in again.text


async def test_next_is_the_first_thing_not_done(sim):
    reply = await sim.command(sim.ada, "next")
    assert "### Next: [Introduction](" in reply.text
    assert "3 min · unit 1 of 6" in reply.text
    assert "AZ-104 › Prerequisites for Azure administrators › Introduction to Azure Cloud Shell" in reply.text
    unit = sim.study.catalogue.default.nodes["prerequisites/intro-to-azure-cloud-shell/1-introduction"]
    assert reply.links == {"Open": unit.link}
    await sim.command(sim.ada, "complete", path="prerequisites")
    assert "Understand Microsoft Entra ID" in (await sim.command(sim.ada, "next")).text
    assert "AZ-900" in (await sim.command(sim.ada, "next", course="az-900")).text


async def test_progress_shows_shares_minutes_and_the_last_ticks(sim, clock):
    await sim.command(sim.ada, "complete", path="deploy")
    clock.move(days=1)
    await sim.command(sim.ada, "complete", path="monitor", module="intro-to-azure-backup")
    reply = await sim.command(sim.ada, "progress")
    assert "### Your progress · AZ-104" in reply.text
    assert "3 h 39 min of 16 h 29 min studied" in reply.text
    assert f"✅ {DEPLOY} · done" in reply.text
    assert "◐ Monitor and back up Azure resources · 34% · 35 min left" in reply.text
    latest = reply.text.split("**Latest**\n")[1].split("\n")
    assert latest[0].startswith("- [Introduction to Azure Backup](")
    assert latest[0].endswith(f"<t:{int(clock.now().timestamp())}:D>")
    assert latest[1].startswith(f"- {DEPLOY} · <t:")


async def test_members_of_a_cohort_see_each_other(sim):
    await sim.command(sim.ada, "complete", path="deploy")
    await sim.command(sim.bruno, "complete", path="monitor", module="intro-to-azure-backup")
    reply = await sim.command(sim.bruno, "progress", member=sim.ada)
    assert reply.private
    assert "### Ada · AZ-104" in reply.text
    assert "**1 of 6 paths**" in reply.text
    assert reply.buttons == []
    own = await sim.command(sim.ada, "progress", member=sim.ada)
    assert "### Your progress · AZ-104" in own.text


# --- while somebody types -------------------------------------------------------------------------------------------


async def test_autocomplete_needs_no_database(sim):
    await sim.store.close()
    ids = [path.id for path in sim.study.catalogue.default.paths]
    assert list((await sim.offered(sim.ada, "complete", "path", "")).values()) == ids
    assert (await sim.offered(sim.ada, "path", "module", "", path="deploy")).popitem()[1] == (
        "configure-azure-container-instances"
    )
    assert (await sim.offered(sim.ada, "overview", "course", "funda")) == {
        "AZ-900 Microsoft Azure Fundamentals": "az-900",
        "DP-900 Microsoft Azure Data Fundamentals": "dp-900",
    }
    assert await sim.offered(sim.ada, "undo", "unit", "slots", path="deploy", module=APP_SERVICE)
    assert "Wed 18 November 2026" in await sim.offered(sim.ada, "complete", "on", "", path="deploy")
    assert await sim.offered(sim.ada.user, "complete", "path", "netw")


@pytest.mark.parametrize(
    ("option", "typed", "filled", "first"),
    [
        ("path", "depoly", {}, "deploy"),
        ("path", "virtaul networks", {}, "configure"),
        ("path", "concpets", {"course": "az-900"}, "concepts"),
        ("module", "app servcie", {"path": "deploy"}, "configure-app-service-plans"),
        ("module", "dns", {}, "host-domain-azure-dns"),
        ("course", "devops", {}, "az-400"),
    ],
)
async def test_autocomplete_tolerates_typos(sim, option, typed, filled, first):
    offered = await sim.offered(sim.ada, "complete", option, typed, **filled)
    assert first in list(offered.values())[:2]


async def test_modules_and_units_depend_on_filled_in_options(sim):
    course = sim.study.catalogue.default
    modules = await sim.offered(sim.ada, "complete", "module", "", path="deploy")
    assert list(modules) == [module.title for module in course.nodes["deploy"].modules]
    units = await sim.offered(sim.ada, "complete", "unit", "", path="deploy", module=APP_SERVICE)
    assert list(units) == [unit.title for unit in course.nodes[f"deploy/{APP_SERVICE}"].units]
    reply = await sim.command(
        sim.ada, "complete", path="deploy", module=APP_SERVICE, unit=units["Add deployment slots"]
    )
    assert "1 tick made, 5 min" in reply.text


@pytest.mark.parametrize("typed", ["", "a", "introduction", "x" * 100, "zzzzqqq", "`*_~[]()"])
async def test_autocomplete_respects_discords_limits(sim, typed):
    for option in ("path", "module", "unit", "on", "course"):
        found = await sim.choices(sim.ada, "complete", option, typed)
        assert len(found) <= 25
        assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100 for choice in found)
