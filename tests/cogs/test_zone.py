"""The time zone: a button opens a form, and the answer says what the zone means."""

import pytest


async def form(sim, who):
    """Open the form with the button that other messages have."""
    old = sim.old_message({"type": 2, "style": 2, "label": "Set time zone", "custom_id": "wm1:zone"})
    return await sim.click(who, old, "Set time zone")


async def given(sim, who, text):
    return await sim.submit(who, await form(sim, who), zone=text)


def zones(rows):
    return rows("select zone from learner")


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        (
            "munich",
            "Europe/Berlin",
            "Berlin\nIt is 10:30 there now; daylight saving time applies (UTC+1 in January and UTC+2 in July).",
        ),
        ("Germany", "Europe/Berlin", "Berlin\nIt is 10:30 there now; daylight saving time applies"),
        ("Japan", "Asia/Tokyo", "Tokyo\nIt is 18:30 there now; its clocks don't change (UTC+9 all year)."),
        ("utc", "UTC", "UTC\nIt is 09:30 there now; its clocks don't change (UTC all year)."),
        ("UTC+2", "Etc/GMT-2", "UTC+2\nIt is 11:30 there now; its clocks don't change (UTC+2 all year)."),
    ],
)
async def test_a_zone_is_set_and_explained(sim, rows, text, zone, says):
    reply = await given(sim, sim.ada, text)
    assert reply.private
    assert says in reply.text
    assert zones(rows) == [(zone,)]
    assert "Change" in reply.buttons


async def test_the_form_shows_the_zone_that_is_set(sim):
    assert (await form(sim, sim.ada)).modal["title"] == "Your time zone"
    await given(sim, sim.ada, "New York")
    (field,) = [part["component"] for part in (await form(sim, sim.ada)).modal["components"]]
    assert field["value"] == "New York"


async def test_a_text_with_several_meanings_is_asked(sim, rows):
    reply = await given(sim, sim.ada, "CST")
    assert "“CST” can mean several time zones." in reply.text
    assert zones(rows) == []
    await sim.restart()
    chosen = await sim.click(sim.ada, reply, "Shanghai · 17:30")
    assert "### 🕐 Shanghai" in chosen.text
    assert zones(rows) == [("Asia/Shanghai",)]


async def test_an_offset_offers_places_whose_clocks_change(sim, rows):
    reply = await given(sim, sim.ada, "UTC+1")
    assert "If your clocks change in summer, choose a place with the same clocks:" in reply.text
    place = next(label for label in reply.buttons if label.startswith("Berlin"))
    await sim.click(sim.ada, reply, place)
    assert zones(rows) == [("Europe/Berlin",)]


async def test_an_unknown_zone_changes_nothing_and_can_be_tried_again(sim, rows):
    await given(sim, sim.ada, "tokyo")
    reply = await given(sim, sim.ada, "Atlantis")
    assert "“Atlantis” isn't a time zone I recognize." in reply.text
    assert zones(rows) == [("Asia/Tokyo",)]
    assert (await sim.click(sim.ada, reply, "Try again")).modal["title"] == "Your time zone"


async def test_undo_sets_the_zone_before(sim, rows):
    assert "Undo" not in (await given(sim, sim.ada, "tokyo")).buttons
    changed = await given(sim, sim.ada, "Lisbon")
    await sim.restart()
    back = await sim.click(sim.ada, changed, "Undo")
    assert "### 🕐 Tokyo" in back.text
    assert zones(rows) == [("Asia/Tokyo",)]


async def test_it_works_in_direct_messages(sim, rows):
    me = sim.ada.user
    old = sim.old_message({"type": 2, "style": 2, "label": "Set time zone", "custom_id": "wm1:zone"}, to=me)
    opened = await sim.click(me, old, "Set time zone")
    await me.submit_modal(opened.result, {"zone": "Oslo"})
    assert zones(rows) == [("Europe/Oslo",)]


async def test_the_button_is_shown_where_days_are_counted_in_utc(sim, clock):
    await sim.command(sim.ada, "complete", what="monitor/intro-to-azure-backup")
    own = await sim.command(sim.ada, "progress")
    assert "Days are counted in UTC for now." in own.text
    assert "Set time zone" in own.buttons
    clock.move(days=1)
    second = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert "Days are counted in UTC for now." in second.text
    assert (await sim.click(sim.ada, second, "Set time zone")).modal["title"] == "Your time zone"
    await given(sim, sim.ada, "Oslo")
    own = await sim.command(sim.ada, "progress")
    assert "UTC" not in own.text
    assert "Set time zone" not in own.buttons
