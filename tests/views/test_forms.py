"""Forms are valid for Discord, and what is submitted can be read."""

import json

import pytest

from bot.errors import Stale
from bot.views.buttons import option
from bot.views.forms import form, radio_field, select_field, submitted, text_field, text_of
from bot.views.limits import form_faults

OPTIONS = [option("Monday", "0"), option("Tuesday", "1", default=True)]


def test_a_form_fits_discord_s_limits():
    fields = [
        text_field("Exam date " * 9, "date", "2026-12-18", hint="x" * 200, example="y" * 200),
        select_field("Days", "days", OPTIONS, most=2),
        radio_field("Day", "day", OPTIONS),
        text_field("Note", "note", "z" * 300, paragraph=True, required=False, most=200),
    ]
    made = form("Your plan " * 9, "plan", "az-104", fields=fields).to_dict()
    assert form_faults(made) == []
    assert made["custom_id"] == "wmf1:plan:az-104"
    assert len(made["components"][3]["component"]["value"]) == 200


def test_submitted_fields_are_read_by_name():
    values = [
        {"type": 18, "component": {"type": 4, "custom_id": "date", "value": " Friday "}},
        {"type": 18, "component": {"type": 3, "custom_id": "days", "values": ["0", "1"]}},
        {"type": 18, "component": {"type": 21, "custom_id": "day", "value": "1"}},
        {"type": 18, "component": {"type": 21, "custom_id": "none", "value": None}},
    ]
    fields = submitted([json.dumps(values)])
    assert text_of(fields, "date") == "Friday"
    assert fields["days"] == ["0", "1"]
    assert text_of(fields, "days") == "0"
    assert text_of(fields, "day") == "1"
    assert text_of(fields, "none") == text_of(fields, "missing") == ""


@pytest.mark.parametrize("values", [[], ["{"], ["5"], ['[{"custom_id": 5, "values": 3}]']])
def test_what_isn_t_a_form_is_refused_or_empty(values):
    try:
        assert text_of(submitted(values), "date") == ""
    except Stale:
        assert values in ([], ["{"])
