"""Forms with checkboxes: they show the current state, and only changes are saved."""

import pytest

WRONG = "Something went wrong on my side"
APP_SERVICE = "configure-azure-app-services"
DEPLOY = "Deploy and manage Azure compute resources"
MODULES = [
    "Introduction to Azure virtual machines",
    "Configure virtual machine availability",
    "Configure Azure App Service plans",
    "Configure Azure App Service",
    "Configure Azure Container Instances",
]


async def opened(sim, who, **options):
    return await sim.click(who, await sim.command(who, "path", **options), "Tick")


def options_of(form):
    return [option for part in form.modal["components"] for option in part["component"]["options"]]


def checked(form):
    return [option["label"] for option in options_of(form) if option["default"]]


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


async def test_boxes_show_the_current_state(sim):
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    await sim.command(sim.ada, "complete", path="deploy", module="configure-app-service-plans", unit="1-introduction")
    form = await opened(sim, sim.ada, path="deploy")
    assert form.modal["title"] == DEPLOY
    assert [option["label"] for option in options_of(form)] == MODULES
    assert checked(form) == ["Configure Azure App Service"]
    descriptions = {option["label"]: option["description"] for option in options_of(form)}
    assert descriptions["Configure Azure App Service plans"] == "21 min · 1 of 7 done; a tick means all"
    assert checked(await opened(sim, sim.bruno, path="deploy")) == []


async def test_a_form_saves_what_was_changed_and_shows_the_list_again(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    shown = await sim.command(sim.ada, "path", path="deploy")
    form = await sim.click(sim.ada, shown, "Tick")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service plans")
    assert "✅ Saved: 7 units ticked and 13 units unticked." in saved.text
    assert f"### {DEPLOY}" in saved.text
    assert "**1 of 5 modules**" in saved.text
    assert saved.private
    assert saved.message.id == shown.message.id
    assert len(ticked(rows, sim.ada)) == 7
    assert all(route.startswith("deploy/configure-app-service-plans/") for route in ticked(rows, sim.ada))
    assert checked(await sim.click(sim.ada, saved, "Tick")) == ["Configure Azure App Service plans"]


async def test_the_units_of_a_module(sim, rows):
    form = await opened(sim, sim.ada, path="deploy", module=APP_SERVICE)
    assert [len(part["component"]["options"]) for part in form.modal["components"]] == [10, 3]
    assert [part["label"] for part in form.modal["components"]] == ["Units 1 to 10", "Units 11 to 13"]
    saved = await sim.submit(sim.ada, form, "Introduction", "Module assessment")
    assert "Saved: 2 units ticked." in saved.text
    assert "**2 of 13 units**" in saved.text
    assert ticked(rows, sim.ada) == [
        f"deploy/{APP_SERVICE}/1-introduction",
        f"deploy/{APP_SERVICE}/12-knowledge-check",
    ]


async def test_a_partly_ticked_module_is_unchanged_if_its_box_is(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE, unit="1-introduction")
    saved = await sim.submit(sim.ada, await opened(sim, sim.ada, path="deploy"))
    assert "Nothing to save: all stays as it was." in saved.text
    assert ticked(rows, sim.ada) == [f"deploy/{APP_SERVICE}/1-introduction"]


async def test_a_tick_made_elsewhere_in_between_is_kept(sim, rows):
    form = await opened(sim, sim.ada, path="deploy")
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service plans")
    assert "Saved: 7 units ticked." in saved.text
    assert "**2 of 5 modules**" in saved.text
    assert len(ticked(rows, sim.ada)) == 20


async def test_what_was_unticked_elsewhere_in_between_stays_unticked(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    form = await opened(sim, sim.ada, path="deploy")
    await sim.command(sim.ada, "undo", path="deploy", module=APP_SERVICE)
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service")
    assert "Nothing to save" in saved.text
    assert ticked(rows, sim.ada) == []


async def test_two_forms_sent_in_at_once(sim, rows):
    first = await opened(sim, sim.ada, path="deploy")
    second = await opened(sim, sim.ada, path="deploy", module=APP_SERVICE)
    a, b = {option["label"]: option["value"] for option in options_of(first)}, options_of(second)[0]["value"]
    replies = await sim.concurrently(
        sim.submit_raw(sim.ada, first.modal["custom_id"], [a["Configure Azure App Service plans"]]),
        sim.submit_raw(sim.ada, second.modal["custom_id"], [b]),
    )
    assert ["Saved: 7 units" in replies[0].text, "Saved: 1 unit" in replies[1].text] == [True, True]
    assert len(ticked(rows, sim.ada)) == 8


async def test_a_path_completed_by_a_form_is_public(sim):
    form = await opened(sim, sim.ada, path="deploy")
    saved = await sim.submit(sim.ada, form, *MODULES)
    assert f"Saved: 48 units ticked. **{DEPLOY}** is complete. 🎉" in saved.text
    assert saved.public == [f"🎉 **Ada** completed **{DEPLOY}**\n-# 1 of 6 paths of AZ-104"]


async def test_a_form_that_was_opened_before_a_restart(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy", module=APP_SERVICE)
    form = await opened(sim, sim.ada, path="deploy")
    await sim.restart()
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service", "Configure Azure App Service plans")
    assert "Saved: 7 units ticked." in saved.text
    assert len(ticked(rows, sim.ada)) == 20


async def test_a_form_in_direct_messages(sim, rows):
    me = sim.ada.user
    form = await opened(sim, me, path="deploy")
    saved = await sim.submit(me, form, *MODULES)
    assert "Saved: 48 units ticked." in saved.text
    assert saved.public == []
    assert "Share" not in saved.buttons
    assert len(ticked(rows, sim.ada)) == 48


async def test_a_form_of_fifty_units(sim, course, rows):
    units = [f"unit-{number:02}" for number in range(50)]
    await sim.restart(course({"long": {"module": units}}))
    form = await opened(sim, sim.ada, path="long", module="module")
    assert [len(part["component"]["options"]) for part in form.modal["components"]] == [10] * 5
    saved = await sim.submit(sim.ada, form, "Unit unit-00", "Unit unit-31", "Unit unit-49")
    assert "Saved: 3 units ticked." in saved.text
    again = await sim.click(sim.ada, saved, "Tick")
    assert checked(again) == ["Unit unit-00", "Unit unit-31", "Unit unit-49"]
    await sim.submit(sim.ada, again, "Unit unit-31")
    assert ticked(rows, sim.ada) == ["long/module/unit-31"]


async def test_a_path_without_modules_and_a_module_without_units(sim, course, rows):
    await sim.restart(course({"alone": {}, "path": {"bare": []}}))
    form = await opened(sim, sim.ada, path="alone")
    assert [option["label"] for option in options_of(form)] == ["Path alone"]
    saved = await sim.submit(sim.ada, form, "Path alone")
    assert "**Path alone** is complete. 🎉" in saved.text
    assert ticked(rows, sim.ada) == ["alone"]
    assert checked(await sim.click(sim.ada, saved, "Tick")) == ["Path alone"]
    await sim.submit(sim.ada, await opened(sim, sim.ada, path="path"), "Module bare")
    assert ticked(rows, sim.ada) == ["alone", "path/bare"]


async def test_another_member_with_a_leaked_form_changes_only_their_own(sim, rows):
    await sim.command(sim.ada, "complete", path="deploy")
    form = await opened(sim, sim.ada, path="deploy")
    reply = await sim.submit_raw(sim.bruno, form.modal["custom_id"])
    assert "Nothing to save" in reply.text
    assert len(ticked(rows, sim.ada)) == 48
    assert ticked(rows, sim.bruno) == []


async def test_a_form_saves_nothing_after_the_course_changed(sim, course, rows):
    await sim.restart(course({"a": {"m": ["u1", "u2"]}}))
    form = await opened(sim, sim.ada, path="a", module="m")
    await sim.restart(course({"a": {"m": ["u0", "u1"]}}))
    reply = await sim.submit(sim.ada, form, "Unit u1")
    assert "The course has changed since this form was opened; nothing was saved." in reply.text
    assert ticked(rows, sim.ada) == []
    gone = await opened(sim, sim.ada, path="a", module="m")
    await sim.restart(course({"b": {"m": ["u0", "u1"]}}))
    assert "The course has changed" in (await sim.submit(sim.ada, gone, "Unit u1")).text


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
    form = await opened(sim, sim.ada, path="deploy")
    custom_id = form.modal["custom_id"].replace(*change)
    assert custom_id != form.modal["custom_id"]
    reply = await sim.submit_raw(sim.ada, custom_id, [options_of(form)[0]["value"]])
    assert WRONG not in reply.text
    assert reply.private
    assert reply.text.startswith("⚠️ ") or "f" * 40 in custom_id
    assert ticked(rows, sim.ada) == []


async def test_unknown_values_are_ignored(sim, rows):
    form = await opened(sim, sim.ada, path="deploy")
    elsewhere = sim.study.catalogue.default.nodes["manage"].key
    reply = await sim.submit_raw(sim.ada, form.modal["custom_id"], [elsewhere, "x' or '1'='1"])
    assert "Nothing to save" in reply.text
    assert ticked(rows, sim.ada) == []
