"""The pages of the set-up panel: what they say, and within Discord's limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.calendar.locales import zone_of
from bot.core.calendar.slots import Schedule
from bot.errors import Stale
from bot.store.cohorts import Cohort
from bot.store.deliveries import DueSlot, OpenDelivery, Receipt, ScheduleState
from bot.store.servers import ServerSettings
from bot.study.digests import DigestStatus
from bot.study.setup import ITEMS, SetupStatus, draft_of
from bot.views import setup as views
from bot.views import setup_checklist as checklist_views
from bot.views import welcome as welcome_views
from bot.views.buttons import parse
from bot.views.limits import form_faults, message_faults, walk

SINCE, UNTIL = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
SEEN = int((SINCE + timedelta(days=1)).timestamp())
LONGEST_ZONE = "America/Argentina/ComodRivadavia"
FINE = "✅ All permissions are in place"


def status_of(course, *, state=ScheduleState.ON, last=None, reason=None, zone="Europe/Berlin", opened=None, hand=False):
    cohort = Cohort(700, course.id, 7000, Schedule(0, 570, zone), state, UNTIL, reason)
    runs = state in (ScheduleState.ON, ScheduleState.SUSPENDED)
    return DigestStatus(cohort, course, last, UNTIL if runs else None, opened, hand)


def server_of(*digests, course=None, items=None, **settings):
    course = course or digests[0].course
    return SetupStatus(700, ServerSettings(**{"course": course.id} | settings), course, digests, items or {})


def page_of(digest, courses, *, status=None, **more):
    given = {"advice": FINE, "channel_seen": True, "now": SINCE, "first": UNTIL, "zones": ["Asia/Tokyo", "UTC"]} | more
    draft = given.pop("draft", None) or draft_of(digest)
    return views.SettingsPage(status or server_of(digest), digest, draft, courses, **given)


def receipt(*, posted=True, reason=None):
    sent_at = SINCE + timedelta(days=1) if posted else None
    return Receipt(DueSlot("2026-W47", SINCE), posted, 7000, 99 if posted else None, sent_at, reason)


def parts_of(view):
    return [part for top in view.to_components() for part in walk(top)]


def text_of(view):
    return "\n".join(part["content"] for part in parts_of(view) if "content" in part)


def color(view):
    return view.to_components()[0]["accent_color"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, [f"✅ Next: <t:{int(UNTIL.timestamp())}:F>", "Mondays at 09:30 (Berlin time)", "<#7000>", "No digest"]),
        ({"state": ScheduleState.PAUSED}, ["Paused. Nothing is posted until you resume it."]),
        ({"state": ScheduleState.SUSPENDED, "reason": "it was deleted"}, ["Suspended: it was deleted. It resumes"]),
        ({"last": receipt()}, ["Last: [posted](https://discord.com/channels/700/7000/99)", f"<t:{SEEN}:f>"]),
        ({"last": receipt(reason="late")}, [f"<t:{SEEN}:f>, late"]),
        ({"last": receipt(), "hand": True}, [f"<t:{SEEN}:f>, by hand"]),
        ({"last": receipt(posted=False, reason="nobody was there")}, ["⚠️ The digest of", "skipped because nobody was"]),
        (
            {"opened": OpenDelivery(DueSlot("2026-W48", UNTIL), "t-1", 3, reason="HTTP 503", next_try=UNTIL)},
            ["⚠️ The digest of", "isn't posted yet after 3 attempts: HTTP 503. I'll try again <t:"],
        ),
        ({"zone": "America/New_York"}, ["(New York time)"]),
        ({"zone": "Etc/GMT-2"}, ["(UTC+2)"]),
    ],
)  # fmt: skip
def test_the_settings_show_how_the_digest_is_going(small, given, words):
    text = text_of(views.settings(page_of(status_of(small, **given), [small])))
    assert [word for word in words if word not in text] == []
    if given.get("state", ScheduleState.ON) is not ScheduleState.ON or given.get("opened"):
        assert "Next:" not in text


def test_only_what_is_wrong_is_orange(small):
    fine = views.settings(page_of(status_of(small), [small]))
    lacking = views.settings(page_of(status_of(small), [small], advice="⚠️ I'm missing **Send Messages** in <#7000>."))
    suspended = views.settings(page_of(status_of(small, state=ScheduleState.SUSPENDED, reason="x"), [small]))
    assert color(lacking) == color(suspended) != color(fine)
    paused = views.settings(page_of(status_of(small, state=ScheduleState.PAUSED), [small]))
    assert color(paused) == color(fine)


def test_the_selects_show_the_draft_and_carry_it(courses):
    digest = status_of(courses["az-104"])
    draft = replace(draft_of(digest), course=courses["dp-900"], schedule=Schedule(4, 1095, "Asia/Tokyo"))
    view = views.settings(page_of(digest, [*courses.values()], draft=draft))
    selects = {parse("s", part["custom_id"])[1][0]: part for part in parts_of(view) if part["type"] in (3, 8)}
    chosen = {
        name: [option["value"] for option in part["options"] if option["default"]]
        for name, part in selects.items() if "options" in part
    }  # fmt: skip
    assert chosen == {"course": ["dp-900"], "day": ["4"], "time": ["1095"], "zone": ["Asia/Tokyo"]}
    assert selects["channel"]["default_values"] == [{"id": "7000", "type": "channel"}]
    fields = views.draft_fields([part["custom_id"] for part in parts_of(view) if "custom_id" in part])
    assert fields == {"course": ("dp-900",), "channel": ("7000", "c"), "day": ("4",), "time": ("1095",),
                      "zone": ("Asia/Tokyo",)}  # fmt: skip


def test_a_deleted_channel_is_not_preselected(small):
    """Discord might reject the message."""
    view = views.settings(page_of(status_of(small), [small], channel_seen=False))
    (channel,) = [part for part in parts_of(view) if part["type"] == 8]
    assert "default_values" not in channel


def test_a_message_without_all_fields_is_out_of_date():
    with pytest.raises(Stale):
        views.draft_fields(["wms1:setupdraft:day:1:t-1", "wm1:setupsave:ask:t-1"])


def test_every_page_is_valid(course):
    codes = [f"{'X' * 29}-{number:02}" for number in range(30)]
    made = [course({"a": {"m": ["u"]}}, code) for code in codes]
    digests = [status_of(each, state=ScheduleState.SUSPENDED, reason="r" * 300, zone=LONGEST_ZONE) for each in made[:4]]
    server = server_of(*digests, panel_channel=2**63 - 1, panel_message=2**63 - 1, manager_role=2**63 - 1)
    draft = replace(draft_of(digests[0]), channel=2**63 - 1, course=made[29])
    undos = [("c", "0" * 8, str(2**63 - 1), "161439", LONGEST_ZONE), ("r", "0" * 8, "0" * 8, "suspended", "m"),
             ("m", made[0].id, made[1].id), ("a", "0" * 8, made[0].id), None]  # fmt: skip
    advice = "⚠️ " + "I'm missing all permissions. " * 8
    for undo in undos:
        for asking in (False, True):
            page = page_of(digests[0], made, status=server, draft=draft, advice=advice, undo=undo, asking=asking,
                           note="n" * 300, zones=[f"Europe/{number}" for number in range(40)])  # fmt: skip
            assert message_faults(views.settings(page).to_components()) == []
        view = checklist_views.checklist(server, [advice] * 4, note="n" * 300, undo=undo)
        assert message_faults(view.to_components()) == []
        assert message_faults(checklist_views.managers(server, note="n" * 300, undo=undo).to_components()) == []
    first = page_of(None, made, status=server_of(course=made[0]), draft=draft, advice=advice)
    for view in (
        views.settings(first),
        checklist_views.panel_channel(2**63 - 1, "X" * 32, advice, replaces=True),
        checklist_views.confirm_remove(digests[0], digests[1:]),
        checklist_views.confirm_remove_panel(1),
        checklist_views.test_post(draft),
        welcome_views.welcome(),
        welcome_views.welcome_owner(2**63 - 1, "*" * 100),
        welcome_views.study_panel("X" * 32, "x" * 32),
    ):
        assert message_faults(view.to_components()) == []
    for form in (checklist_views.zone_form(made[0].id, draft.schedule), checklist_views.time_form("", draft.schedule)):
        assert form_faults(form.to_dict()) == []


def test_the_checklist_counts_what_is_done_skipped_or_fine(small):
    digest = status_of(small)
    items = {"test": "fine", "panel": "skipped"}
    text = text_of(checklist_views.checklist(server_of(digest, items=items), [FINE]))
    assert "Set-up checklist · 4 of 5 done" in text
    for line in ("✅ **Course**", "✅ **Weekly digest**", "✅ **Test post**", "➖ **Study panel** · skipped",
                 "○ **Announcements**"):  # fmt: skip
        assert line in text
    done = checklist_views.checklist(server_of(digest, items=dict.fromkeys(ITEMS, "fine"), panel_message=1), [FINE])
    assert "5 of 5" in text_of(done)
    assert color(done) != color(checklist_views.checklist(server_of(course=small), []))


def test_what_is_wrong_cannot_be_skipped_away(small):
    digest = status_of(small, state=ScheduleState.SUSPENDED, reason="x")
    view = checklist_views.checklist(server_of(digest, items={"digest": "skipped"}), [FINE])
    assert "⚠️ **Weekly digest**" in text_of(view)


@pytest.mark.parametrize(
    ("locales", "zone"),
    [
        (("de", "en-US"), "Europe/Berlin"),
        (("en-US", "fr"), "Europe/Paris"),
        (("en-US", ""), "America/New_York"),
        (("xx", "en-GB"), "Europe/London"),
    ],
)
def test_the_first_language_that_someone_chose_suggests_the_zone(locales, zone):
    assert zone_of(*locales) == zone
