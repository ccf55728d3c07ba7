"""Forms with checkboxes: they show the current state, and only changes are saved."""

from datetime import datetime

import pytest

from tests.cogs.conftest import boxes

WRONG = "Something went wrong on my end"
APP_SERVICE = "configure-azure-app-services"
DEPLOY = "Deploy and manage Azure compute resources"
MODULES = [
    "Introduction to Azure virtual machines",
    "Configure virtual machine availability",
    "Configure Azure App Service plans",
    "Configure Azure App Service",
    "Configure Azure Container Instances",
]


async def opened(sim, who, find):
    return await sim.click(who, await sim.command(who, "paths", find=find), "Mark complete…")


def options_of(form):
    return [option for part in form.modal["components"] for option in part["component"].get("options", ())]


def checked(form):
    return [option["label"] for option in options_of(form) if option["default"]]


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


async def test_boxes_show_the_current_state(sim):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    await sim.command(sim.ada, "complete", what="deploy/configure-app-service-plans/1-introduction")
    form = await opened(sim, sim.ada, "deploy")
    assert form.modal["title"] == DEPLOY
    assert [option["label"] for option in options_of(form)] == MODULES
    assert checked(form) == ["Configure Azure App Service"]
    descriptions = {option["label"]: option["description"] for option in options_of(form)}
    assert descriptions["Configure Azure App Service plans"] == "21 min · 1 of 7 done · checking this completes all"
    assert checked(await opened(sim, sim.bruno, "deploy")) == []


async def test_a_form_saves_what_was_changed_and_shows_the_list_again(sim, rows):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    shown = await sim.command(sim.ada, "paths", find="deploy")
    form = await sim.click(sim.ada, shown, "Mark complete…")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service plans")
    assert "✅ Saved: 7 units completed and 13 units unmarked." in saved.text
    assert f"### {DEPLOY}" in saved.text
    assert "**1 of 5 modules**" in saved.text
    assert saved.private
    assert saved.message.id == shown.message.id
    assert len(ticked(rows, sim.ada)) == 7
    assert all(route.startswith("deploy/configure-app-service-plans/") for route in ticked(rows, sim.ada))
    assert checked(await sim.click(sim.ada, saved, "Mark complete…")) == ["Configure Azure App Service plans"]


async def test_the_units_of_a_module(sim, rows):
    form = await opened(sim, sim.ada, f"deploy/{APP_SERVICE}")
    assert [len(group["options"]) for group in boxes(form.modal)] == [10, 3]
    assert [part["label"] for part in form.modal["components"]] == ["Units 1 to 10", "Units 11 to 13", "When?"]
    saved = await sim.submit(sim.ada, form, "Introduction", "Module assessment")
    assert "Saved: 2 units completed." in saved.text
    assert "**2 of 13 units**" in saved.text
    assert ticked(rows, sim.ada) == [
        f"deploy/{APP_SERVICE}/1-introduction",
        f"deploy/{APP_SERVICE}/12-knowledge-check",
    ]


async def test_a_partly_ticked_module_is_unchanged_if_its_box_is(sim, rows):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}/1-introduction")
    saved = await sim.submit(sim.ada, await opened(sim, sim.ada, "deploy"))
    assert "No changes." in saved.text
    assert ticked(rows, sim.ada) == [f"deploy/{APP_SERVICE}/1-introduction"]


async def test_a_tick_made_elsewhere_in_between_is_kept(sim, rows):
    form = await opened(sim, sim.ada, "deploy")
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service plans")
    assert "Saved: 7 units completed." in saved.text
    assert "**2 of 5 modules**" in saved.text
    assert len(ticked(rows, sim.ada)) == 20


async def test_what_was_unticked_elsewhere_in_between_stays_unticked(sim, rows):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    form = await opened(sim, sim.ada, "deploy")
    await sim.command(sim.ada, "undo", what=f"deploy/{APP_SERVICE}")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service")
    assert "No changes" in saved.text
    assert ticked(rows, sim.ada) == []


async def test_two_forms_sent_in_at_once(sim, rows):
    first = await opened(sim, sim.ada, "deploy")
    second = await opened(sim, sim.ada, f"deploy/{APP_SERVICE}")
    a, b = {option["label"]: option["value"] for option in options_of(first)}, options_of(second)[0]["value"]
    replies = await sim.concurrently(
        sim.submit_raw(sim.ada, first.modal["custom_id"], [a["Configure Azure App Service plans"]]),
        sim.submit_raw(sim.ada, second.modal["custom_id"], [b]),
    )
    assert ["Saved: 7 units" in replies[0].text, "Saved: 1 unit" in replies[1].text] == [True, True]
    assert len(ticked(rows, sim.ada)) == 8


async def test_a_path_completed_by_a_form_can_be_shared(sim):
    form = await opened(sim, sim.ada, "deploy")
    saved = await sim.submit(sim.ada, form, *MODULES)
    assert f"Saved: 48 units completed. **{DEPLOY}** is complete. 🎉" in saved.text
    assert sim.channel_texts() == []
    shared = await sim.click(sim.ada, saved, "Share", nth=1)
    (public,) = shared.public
    assert public.startswith(f"🎉 **Ada** completed **{DEPLOY}**\n-# 1 of 6 paths of AZ-104\n")


# --- dates ----------------------------------------------------------------------------------------------------------


def noon(day):
    return int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())


@pytest.mark.parametrize("text", ["last saturday", "2026-11-14", "Nov 14", "14.11."])
async def test_a_module_completed_last_saturday_takes_two_fields(sim, rows, text):
    form = await opened(sim, sim.ada, "deploy")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service", when=text)
    assert f"Saved: 13 units completed, dated <t:{noon('2026-11-14')}:D>." in saved.text
    assert rows("select distinct done_at from tick") == [(noon("2026-11-14"),)]


async def test_a_date_with_two_meanings_is_asked_before_anything_is_saved(sim, rows):
    await sim.command(sim.ada, "complete", what="deploy/configure-app-service-plans")
    form = await opened(sim, sim.ada, "deploy")
    asked = await sim.submit(sim.ada, form, "Configure Azure App Service", when="4/3")
    assert "“4/3” can mean two dates. Nothing is saved until you choose." in asked.text
    assert asked.buttons == ["Friday, April 3", "Wednesday, March 4"]
    assert len(ticked(rows, sim.ada)) == 7
    await sim.restart()
    saved = await sim.click(sim.ada, asked, "Wednesday, March 4")
    assert "Saved: 13 units completed and 7 units unmarked" in saved.text
    assert rows("select distinct done_at from tick") == [(noon("2026-03-04"),)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("whenever", "“whenever” isn't a date I understand. Try “yesterday”"),
        ("tomorrow", "November 21, 2026 is in the future. The latest date you can use is November 20, 2026."),
        ("2024-01-01", "January 1, 2024 is too long ago. The earliest date you can use is November 20, 2025."),
    ],
)
async def test_an_impossible_date_saves_nothing(sim, rows, text, says):
    form = await opened(sim, sim.ada, "deploy")
    reply = await sim.submit(sim.ada, form, "Configure Azure App Service", when=text)
    assert says in reply.text
    assert ticked(rows, sim.ada) == []


# --- undo -----------------------------------------------------------------------------------------------------------


async def test_undo_restores_what_a_form_completed_and_unmarked(sim, rows, clock):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}", when="2026-11-01")
    await sim.command(sim.ada, "complete", what="deploy/configure-app-service-plans/1-introduction")
    before = rows("select route, done_at from tick order by route")
    clock.move(days=1)
    form = await opened(sim, sim.ada, "deploy")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service plans")
    assert "Saved: 6 units completed and 13 units unmarked." in saved.text
    custom_id = saved.custom_id("Undo")
    await sim.restart()
    undone = await sim.click(sim.ada, saved, "Undo")
    assert "✅ Undone: 13 units completed and 6 units unmarked." in undone.text
    assert rows("select route, done_at from tick order by route") == before
    old = sim.old_message({"type": 2, "style": 2, "label": "Undo", "custom_id": custom_id})
    again = await sim.click(sim.ada, old, "Undo")
    assert "That change has already been undone." in again.text
    assert rows("select route, done_at from tick order by route") == before


async def test_the_undo_of_another_members_form_undoes_nothing(sim, rows):
    saved = await sim.submit(sim.ada, await opened(sim, sim.ada, "deploy"), "Configure Azure App Service")
    pressed = await sim.press(sim.bruno, saved.custom_id("Undo"), saved.message)
    assert "That change has already been undone." in pressed.text
    assert len(ticked(rows, sim.ada)) == 13
    assert ticked(rows, sim.bruno) == []


# --- What did you complete? -----------------------------------------------------------------------------------------


async def next_modules(sim, who):
    old = sim.old_message({"type": 2, "style": 1, "label": "Mark progress", "custom_id": "wm1:some:az-104"})
    return await sim.click(who, old, "Mark progress")


async def test_the_next_modules_can_be_completed_with_a_date(sim, rows):
    form = await next_modules(sim, sim.ada)
    assert form.modal["title"] == "What did you complete?"
    first, second, *others = [option["label"] for option in options_of(form)]
    assert len(others) == 8
    done = await sim.submit(sim.ada, form, first, second, when="yesterday")
    assert done.private
    assert f"dated <t:{noon('2026-11-19')}:D>" in done.text
    assert first not in [option["label"] for option in options_of(await next_modules(sim, sim.ada))]
    await sim.click(sim.ada, done, "Undo")
    assert ticked(rows, sim.ada) == []


async def test_the_next_modules_ask_which_date_was_meant(sim, rows):
    form = await next_modules(sim, sim.ada)
    first, second, *_ = [option["label"] for option in options_of(form)]
    asked = await sim.submit(sim.ada, form, second, when="4/3")
    assert ticked(rows, sim.ada) == []
    await sim.restart()
    done = await sim.click(sim.ada, asked, "Friday, April 3")
    assert f"{second}](" in done.text
    assert f"{first}](" not in done.text.split("\n")[0]
    assert rows("select distinct done_at from tick") == [(noon("2026-04-03"),)]


async def test_nothing_selected_changes_nothing(sim, rows):
    reply = await sim.submit(sim.ada, await next_modules(sim, sim.ada))
    assert "Nothing selected, so nothing changed." in reply.text
    assert ticked(rows, sim.ada) == []


async def test_all_completed_is_no_error(sim, course):
    await sim.restart(course({"a": {"m": ["u1"]}}, code="AZ-104"))
    await sim.command(sim.ada, "complete", what="a")
    reply = await next_modules(sim, sim.ada)
    assert reply.text.startswith("You've already completed all of AZ-104. 🎉")
    assert reply.buttons == ["Readiness"]


async def test_a_form_that_was_opened_before_a_restart(sim, rows):
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    form = await opened(sim, sim.ada, "deploy")
    await sim.restart()
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service", "Configure Azure App Service plans")
    assert "Saved: 7 units completed." in saved.text
    assert len(ticked(rows, sim.ada)) == 20


async def test_a_form_in_direct_messages(sim, rows):
    me = sim.ada.user
    form = await opened(sim, me, "deploy")
    saved = await sim.submit(me, form, *MODULES)
    assert "Saved: 48 units completed." in saved.text
    assert saved.public == []
    assert "Share" not in saved.buttons
    assert len(ticked(rows, sim.ada)) == 48


async def test_a_form_of_fifty_units(sim, course, rows):
    units = [f"unit-{number:02}" for number in range(50)]
    await sim.restart(course({"long": {"module": units}}))
    form = await opened(sim, sim.ada, "long/module")
    assert [len(part["component"]["options"]) for part in form.modal["components"]] == [10] * 5, "no room for a date"
    saved = await sim.submit(sim.ada, form, "Unit unit-00", "Unit unit-31", "Unit unit-49")
    assert "Saved: 3 units completed." in saved.text
    again = await sim.click(sim.ada, saved, "Mark complete…")
    assert checked(again) == ["Unit unit-00", "Unit unit-31", "Unit unit-49"]
    await sim.submit(sim.ada, again, "Unit unit-31")
    assert ticked(rows, sim.ada) == ["long/module/unit-31"]


async def test_a_path_without_modules_and_a_module_without_units(sim, course, rows):
    await sim.restart(course({"alone": {}, "path": {"bare": []}}))
    form = await opened(sim, sim.ada, "alone")
    assert [option["label"] for option in options_of(form)] == ["Path alone"]
    saved = await sim.submit(sim.ada, form, "Path alone")
    assert "**Path alone** is complete. 🎉" in saved.text
    assert ticked(rows, sim.ada) == ["alone"]
    assert checked(await sim.click(sim.ada, saved, "Mark complete…")) == ["Path alone"]
    await sim.submit(sim.ada, await opened(sim, sim.ada, "path"), "Module bare")
    assert ticked(rows, sim.ada) == ["alone", "path/bare"]


async def test_another_member_with_a_leaked_form_changes_only_their_own(sim, rows):
    await sim.command(sim.ada, "complete", what="deploy")
    form = await opened(sim, sim.ada, "deploy")
    reply = await sim.submit_raw(sim.bruno, form.modal["custom_id"])
    assert "No changes" in reply.text
    assert len(ticked(rows, sim.ada)) == 48
    assert ticked(rows, sim.bruno) == []


async def test_a_form_saves_nothing_after_the_course_changed(sim, course, rows):
    await sim.restart(course({"a": {"m": ["u1", "u2"]}}))
    form = await opened(sim, sim.ada, "a/m")
    await sim.restart(course({"a": {"m": ["u0", "u1"]}}))
    reply = await sim.submit(sim.ada, form, "Unit u1")
    assert "The course has been updated since then, so nothing was saved." in reply.text
    assert ticked(rows, sim.ada) == []
    gone = await opened(sim, sim.ada, "a/m")
    await sim.restart(course({"b": {"m": ["u0", "u1"]}}))
    assert "The course has been updated" in (await sim.submit(sim.ada, gone, "Unit u1")).text


@pytest.mark.parametrize(
    "change",
    [
        ("wmf1", "wmf2"),
        ("wmf1:save", "wmf1:teleport"),
        (":0:", ":zz:"),
        (":0:", "::"),
        (":0:", ":"),
        (":0:", ":0:0:"),
        (":0:", f":{'f' * 40}:"),
        ("save:", "save:ffff"),
    ],
)
async def test_an_invalid_form_is_refused(sim, rows, change):
    form = await opened(sim, sim.ada, "deploy")
    custom_id = form.modal["custom_id"].replace(*change)
    assert custom_id != form.modal["custom_id"]
    reply = await sim.submit_raw(sim.ada, custom_id, [options_of(form)[0]["value"]])
    assert WRONG not in reply.text
    assert reply.private
    assert reply.text.startswith("⚠️ ") or "f" * 40 in custom_id
    assert ticked(rows, sim.ada) == []


async def test_unknown_values_are_ignored(sim, rows):
    form = await opened(sim, sim.ada, "deploy")
    elsewhere = sim.study.catalogue.default.nodes["manage"].key
    reply = await sim.submit_raw(sim.ada, form.modal["custom_id"], [elsewhere, "x' or '1'='1"])
    assert "No changes" in reply.text
    assert ticked(rows, sim.ada) == []
