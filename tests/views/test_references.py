"""References to commands and emojis are resolved where a message is sent."""

import pytest

from bot.views.buttons import button, option, select
from bot.views.layout import State, escape_typed, message_view, section
from bot.views.references import References

KNOWN = References({"plan": 7, "mock-exam": 8}, {"bar3": 9})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See </plan> or </mock-exam>.", "See </plan:7> or </mock-exam:8>."),
        ("See </review>.", "See /review."),
        ("<:bar3:▰▰> 40%", "<:bar3:9> 40%"),
        ("<:bar4:▰▱> 40%", "▰▱ 40%"),
        ("<:bar3:>", "<:bar3:9>"),
        ("a < b, <#5>, <@6>, <t:1:R>", "a < b, <#5>, <@6>, <t:1:R>"),
    ],
)
def test_a_reference_becomes_what_discord_understands(text, shown):
    assert KNOWN.text(text) == shown


def test_texts_of_members_are_not_references():
    assert KNOWN.text(escape_typed("</plan> <:bar3:▰▰>")) == "\\</plan\\> \\<:bar3:▰▰\\>"


def test_every_part_of_a_message_is_resolved():
    row = [button("Plan", "plan", emoji="<:bar3:✅>"), button("Next", "next", emoji="<:gone:➡️>")]
    menu = select("Open", [option("One", "1", emoji="<:gone:>"), option("Two", "2", emoji="<:bar3:>")], "open")
    view = message_view(State.PLAIN, "</plan>", section("<:bar3:▰>", button("Open", "open")), rows=[row, [menu]])
    text, part, buttons, selects = KNOWN.view(view).to_components()[0]["components"]
    assert text["content"] == "</plan:7>"
    assert part["components"][0]["content"] == "<:bar3:9>"
    assert part["accessory"]["label"] == "Open"
    assert [each["emoji"] for each in buttons["components"]] == [{"id": "9", "name": "bar3"}, {"name": "➡️"}]
    one, two = selects["components"][0]["options"]
    assert "emoji" not in one
    assert two["emoji"] == {"id": "9", "name": "bar3"}


def test_resolving_leaves_the_original_message_unchanged():
    view = message_view(State.PLAIN, "</plan>", rows=[[button("Plan", "plan", emoji="<:bar3:✅>")]])
    before = repr(view.to_components())
    KNOWN.view(view)
    assert repr(view.to_components()) == before
    assert References().view(view).to_components()[0]["components"][0]["content"] == "/plan"
