"""``/setup`` as managers use it, and as others try to."""

from datetime import timedelta

import discord
import pytest
from simcord.enums import InteractionType

from tests.cogs.conftest import Reply

WRONG = "Something went wrong on my end"
MANAGERS_ONLY = "You need the Manage Server permission"
EXPIRED = "This panel is out of date"


def cohorts(rows):
    return rows("select course, channel_id, day, minute, zone, state from cohort order by course")


def stored(rows):
    """Everything that the panel can change."""
    tables = ("cohort", "server", "setup_item")
    return [rows(f"select * from {table}") for table in tables]


def timestamp(digest_sim, **by):
    return f"<t:{int((digest_sim.env.now() + timedelta(**by)).timestamp())}:F>"


async def saved(digest_sim, **choices):
    """Choose in the panel's selects by field, and save. Returns the last reply."""
    panel = await digest_sim.panel()
    for field, label in choices.items():
        panel = await digest_sim.choose(digest_sim.boss, panel, label, f"setupdraft:{field}")
    return await digest_sim.click(digest_sim.boss, panel, "Save")


async def fill(digest_sim, form, **values):
    return Reply(await digest_sim.boss.submit_modal(form.result, values))


@pytest.fixture
async def two(digest_sim):
    """A server with a digest of two courses; AZ-104 is its main one."""
    await digest_sim.set_up()
    await digest_sim.set_up(course="az-900", channel=digest_sim.news)
    return digest_sim


# --- The first set-up -------------------------------------------------------------------------------------------------


async def test_setup_changes_nothing_by_itself(digest_sim, rows):
    before = stored(rows)
    panel = await digest_sim.panel()
    assert panel.private
    assert "Nothing changes until you press **Save**" in panel.text
    assert "✅ All permissions are in place" in panel.text
    for field, label in (("course", "AZ-900 Microsoft Azure Fundamentals"), ("day", "Friday"), ("time", "18:00")):
        panel = await digest_sim.choose(digest_sim.boss, panel, label, f"setupdraft:{field}")
        assert panel.private
    panel = await digest_sim.choose_channel(panel, digest_sim.news)
    assert stored(rows) == before


async def test_the_first_setup_takes_one_tap_after_opening_the_panel(digest_sim, rows):
    """This channel, Monday at 09:00, and a zone guessed from the language of Discord."""
    panel = await digest_sim.panel()
    assert timestamp(digest_sim, days=4, hours=14) in panel.text, "09:00 in New York"
    reply = await digest_sim.click(digest_sim.boss, panel, "Save")
    assert "✅ **Saved.**" in reply.text
    assert "Set-up checklist · 2 of 5 done" in reply.text
    assert cohorts(rows) == [("az-104", digest_sim.channel.id, 0, 540, "America/New_York", "on")]
    assert rows("select set_by from cohort") == [(digest_sim.boss.id,)]


async def test_the_managers_own_time_zone_is_suggested(digest_sim, rows):
    await digest_sim.study.learners.set_zone(digest_sim.boss.id, "Tokyo")
    await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Save")
    assert cohorts(rows)[0][4] == "Asia/Tokyo"


async def test_every_choice_is_saved_even_if_the_bot_restarts_in_between(digest_sim, rows):
    panel = await digest_sim.panel()
    choices = (("course", "AZ-900 Microsoft Azure Fundamentals"), ("day", "Wednesday"), ("time", "18:00"),
               ("zone", "Kolkata time"))  # fmt: skip
    for field, label in choices:
        await digest_sim.restart()
        panel = await digest_sim.choose(digest_sim.boss, panel, label, f"setupdraft:{field}")
    panel = await digest_sim.choose_channel(panel, digest_sim.news)
    await digest_sim.restart()
    await digest_sim.click(digest_sim.boss, panel, "Save")
    assert cohorts(rows) == [("az-900", digest_sim.news.id, 2, 1080, "Asia/Kolkata", "on")]
    assert "AZ-900" in (await digest_sim.command(digest_sim.ada, "paths")).text
    await digest_sim.restart()
    assert "AZ-900" in (await digest_sim.command(digest_sim.ada, "paths")).text


async def test_a_course_can_be_chosen_without_a_digest(digest_sim, rows):
    panel = await digest_sim.panel()
    panel = await digest_sim.choose(
        digest_sim.boss, panel, "DP-900 Microsoft Azure Data Fundamentals", "setupdraft:course"
    )
    reply = await digest_sim.click(digest_sim.boss, panel, "Course only, no digest")
    assert "show DP-900 now" in reply.text
    assert cohorts(rows) == []
    assert "DP-900" in (await digest_sim.command(digest_sim.ada, "paths")).text
    await digest_sim.click(digest_sim.boss, reply, "Undo")
    assert "AZ-104" in (await digest_sim.command(digest_sim.ada, "paths")).text


async def test_two_managers_who_set_up_at_the_same_time_make_one_digest(digest_sim, rows):
    first, second = await digest_sim.panel(), await digest_sim.panel()
    await digest_sim.click(digest_sim.boss, first, "Save")
    assert EXPIRED in (await digest_sim.click(digest_sim.boss, second, "Save")).text
    assert len(cohorts(rows)) == 1


# --- Other times and zones --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "zone", "words"),
    [
        ("Mumbai", "Asia/Kolkata", "UTC+5:30 all year"),
        ("germany", "Europe/Berlin", "UTC+1 in January and UTC+2 in July"),
        ("UTC+2", "Etc/GMT-2", "UTC+2 all year"),
        ("CST", "America/Chicago", "can mean other time zones"),
    ],
)
async def test_a_time_zone_is_typed_as_people_say_it(digest_sim, rows, typed, zone, words):
    panel = await digest_sim.panel()
    form = await digest_sim.choose(digest_sim.boss, panel, "Another time zone…", "setupdraft:zone")
    await digest_sim.restart()
    panel = await fill(digest_sim, form, zone=typed)
    assert words in panel.text
    assert cohorts(rows) == []
    await digest_sim.click(digest_sim.boss, panel, "Save")
    assert cohorts(rows)[0][4] == zone


async def test_another_time_is_typed(digest_sim, rows):
    panel = await digest_sim.choose(digest_sim.boss, await digest_sim.panel(), "Friday", "setupdraft:day")
    form = await digest_sim.choose(digest_sim.boss, panel, "Another time…", "setupdraft:time")
    panel = await fill(digest_sim, form, time="6:15 pm")
    await digest_sim.click(digest_sim.boss, panel, "Save")
    assert cohorts(rows)[0][2:4] == (4, 1095)


@pytest.mark.parametrize(
    ("field", "label", "typed", "words"),
    [
        ("zone", "Another time zone…", "Mars", "isn't a time zone I recognize"),
        ("time", "Another time…", "25:00", "“25:00” isn't a time of day"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_changes_nothing(digest_sim, rows, field, label, typed, words):
    before = stored(rows)
    form = await digest_sim.choose(digest_sim.boss, await digest_sim.panel(), label, f"setupdraft:{field}")
    reply = await fill(digest_sim, form, **{field: typed})
    assert words in reply.text
    assert stored(rows) == before


# --- Changing ---------------------------------------------------------------------------------------------------------


async def test_each_choice_changes_only_its_setting_and_can_be_undone(digest_sim, rows):
    await digest_sim.set_up()
    first = cohorts(rows)
    choices = (("day", "Sunday", 2, 6), ("time", "07:00", 3, 420), ("zone", "Tokyo time", 4, "Asia/Tokyo"))
    for field, label, column, value in choices:
        reply = await saved(digest_sim, **{field: label})
        assert "✅ **Saved.**" in reply.text
        changed = [*first[0]]
        changed[column] = value
        assert cohorts(rows) == [tuple(changed)], field
        await digest_sim.restart()
        assert "Undone" in (await digest_sim.click(digest_sim.boss, reply, "Undo")).text
        assert cohorts(rows) == first, field


async def test_save_is_offered_only_for_changes(digest_sim):
    await digest_sim.set_up()
    panel = await digest_sim.panel()
    with pytest.raises(Exception, match="disabled"):
        await digest_sim.click(digest_sim.boss, panel, "Save")
    changed = await digest_sim.choose(digest_sim.boss, panel, "Sunday", "setupdraft:day")
    assert "Not saved yet" in changed.text
    assert "Saved" in (await digest_sim.click(digest_sim.boss, changed, "Save")).text


async def test_undo_is_refused_after_another_change(digest_sim, rows):
    await digest_sim.set_up()
    first = await saved(digest_sim, day="Sunday")
    await saved(digest_sim, day="Tuesday")
    now = stored(rows)
    assert "have changed since" in (await digest_sim.click(digest_sim.boss, first, "Undo")).text
    assert stored(rows) == now


async def test_a_changed_channel_needs_another_test(digest_sim, rows):
    await saved(digest_sim)
    await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Send a test")
    assert rows("select item, state from setup_item") == [("test", "fine")]
    panel = await digest_sim.choose_channel(await digest_sim.panel(), digest_sim.news)
    await digest_sim.click(digest_sim.boss, panel, "Save")
    assert rows("select item, state from setup_item") == []


async def test_another_course_is_replaced_or_added_as_the_manager_says(digest_sim, rows):
    await digest_sim.set_up()
    other = {"course": "AZ-900 Microsoft Azure Fundamentals"}
    asked = await saved(digest_sim, **other)
    assert "**Replace AZ-104, or add AZ-900 as another course?**" in asked.text
    assert [row[0] for row in cohorts(rows)] == ["az-104"], "nothing is saved yet"
    back = await digest_sim.click(digest_sim.boss, asked, "Back")
    assert "Not saved yet" in back.text
    await digest_sim.restart()
    replaced = await digest_sim.click(digest_sim.boss, await saved(digest_sim, **other), "Replace AZ-104")
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "off"), ("az-900", "on")]
    assert digest_sim.study.course(digest_sim.guild.id).id == "az-900"
    await digest_sim.click(digest_sim.boss, replaced, "Undo")
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "on"), ("az-900", "off")]
    assert digest_sim.study.course(digest_sim.guild.id).id == "az-104"
    added = await digest_sim.click(digest_sim.boss, await saved(digest_sim, **other), "Add AZ-900")
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "on"), ("az-900", "on")]
    assert digest_sim.study.course(digest_sim.guild.id).id == "az-104", "the first course stays the main one"
    await digest_sim.click(digest_sim.boss, added, "Undo")
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "on"), ("az-900", "off")]


async def test_with_two_courses_everything_is_about_the_chosen_one(two, rows):
    panel = await two.choose(two.boss, await two.panel(), "AZ-900 digest", "setupshow")
    assert f"**AZ-900** in <#{two.news.id}>" in panel.text
    assert "Paused" in (await two.click(two.boss, panel, "Pause")).text
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "on"), ("az-900", "paused")]
    panel = await two.choose(two.boss, await two.panel(), "AZ-900 digest", "setupshow")
    made = await two.click(two.boss, panel, "Make it the main course")
    assert two.study.course(two.guild.id).id == "az-900"
    await two.click(two.boss, made, "Undo")
    assert two.study.course(two.guild.id).id == "az-104"


async def test_a_course_that_is_there_already_is_not_asked_for_again(two, rows):
    before = stored(rows)
    reply = await saved(two, course="AZ-900 Microsoft Azure Fundamentals")
    assert "already has an AZ-900 digest" in reply.text
    assert stored(rows) == before


async def test_removing_asks_first_and_leaves_the_other_course(two, rows):
    asked = await two.click(two.boss, await two.panel(), "Remove")
    assert "Commands here will show AZ-900" in asked.text
    kept = await two.click(two.boss, asked, "Cancel")
    assert "**AZ-104**" in kept.text
    reply = await two.click(two.boss, await two.click(two.boss, kept, "Remove"), "Remove")
    assert "The AZ-104 digest is removed" in reply.text
    assert "Which digest?" not in reply.text
    assert two.study.course(two.guild.id).id == "az-900"
    assert [(row[0], row[5]) for row in cohorts(rows)] == [("az-104", "off"), ("az-900", "on")]


async def test_pause_and_resume_can_be_undone(digest_sim, rows):
    await digest_sim.set_up(60)
    paused = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Pause")
    assert paused.text.count("aused.") == 2, "what was done, and how it is now"
    await digest_sim.click(digest_sim.boss, paused, "Undo")
    assert cohorts(rows)[0][5] == "on"
    await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Pause")
    resumed = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Resume")
    await digest_sim.click(digest_sim.boss, resumed, "Undo")
    assert cohorts(rows)[0][5] == "paused"


# --- Permissions, test posts, preview ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"send_messages": False}, "I'm missing **Send Messages** in"),
        ({"attach_files": False}, "I'm missing **Attach Files** in"),
        ({"read_message_history": False}, "I'm missing **Read Message History** in"),
        ({"view_channel": False}, "I'm missing **View Channel** in"),
        ({"attach_files": False, "read_message_history": False}, "**Attach Files** and **Read Message History**"),
    ],
)
async def test_missing_permissions_are_shown_when_the_channel_is_chosen(digest_sim, rows, lost, words):
    digest_sim.allow(digest_sim.news, **lost)
    panel = await digest_sim.choose_channel(await digest_sim.panel(), digest_sim.news)
    assert words in panel.text
    assert "**Edit Channel** › **Permissions**" in panel.text
    assert cohorts(rows) == []
    digest_sim.allow(digest_sim.news)
    panel = await digest_sim.click(digest_sim.boss, panel, "Check again")
    assert "✅ All permissions are in place" in panel.text
    await digest_sim.click(digest_sim.boss, panel, "Save")
    assert cohorts(rows)[0][1] == digest_sim.news.id


async def test_a_test_message_is_posted_where_the_digest_will_go_and_can_be_taken_back(digest_sim, rows):
    panel = await digest_sim.choose(digest_sim.boss, await digest_sim.panel(), "Friday", "setupdraft:day")
    reply = await digest_sim.click(digest_sim.boss, panel, "Send a test")
    (text,) = [text for text in digest_sim.channel_texts() if "Test message" in text]
    assert "The weekly AZ-104 digest will be posted here, Fridays at 09:00 (New York time)." in text
    assert "Test message [posted](https://discord.com/channels/" in reply.text
    assert "Friday" in str(reply.options("setupdraft:day")), "what was chosen is kept"
    assert cohorts(rows) == [], "it saves nothing"
    await digest_sim.restart()
    assert "deleted" in (await digest_sim.click(digest_sim.boss, reply, "Undo")).text
    assert not [text for text in digest_sim.channel_texts() if "Test message" in text]


@pytest.mark.parametrize(("status", "words"), [(403, "I couldn't post in"), (500, "didn't confirm the post")])
async def test_a_failed_test_message_says_why(digest_sim, rows, status, words):
    panel = await digest_sim.panel()
    digest_sim.fail(status, times=None, code=50013)
    reply = await digest_sim.click(digest_sim.boss, panel, "Send a test")
    assert words in reply.text
    assert WRONG not in reply.text
    assert rows("select * from setup_item") == []


async def test_undo_never_deletes_messages_of_others(digest_sim):
    await digest_sim.bruno.send(digest_sim.channel, "keep me")
    (message,) = [m for m in digest_sim.env.backend.messages[digest_sim.channel.id].values() if m.content == "keep me"]
    panel = await digest_sim.panel()
    reply = await digest_sim.press(
        digest_sim.boss, f"wm1:setupundo:d:{digest_sim.channel.id}:{message.id}",
        digest_sim.old_message({"type": 2, "style": 2, "label": "Undo",
                                "custom_id": f"wm1:setupundo:d:{digest_sim.channel.id}:{message.id}"}),
    )  # fmt: skip
    assert "couldn't delete" in reply.text
    assert panel.private
    assert message.id in digest_sim.env.backend.messages[digest_sim.channel.id]


async def test_a_preview_shows_the_settings_on_the_panel_and_saves_nothing(digest_sim, rows):
    panel = await digest_sim.choose(
        digest_sim.boss, await digest_sim.panel(), "AZ-900 Microsoft Azure Fundamentals", "setupdraft:course"
    )
    shown = await digest_sim.click(digest_sim.boss, panel, "Preview")
    assert shown.private
    assert "AZ-900" in shown.text
    assert cohorts(rows) == []
    assert digest_sim.posts() == []


async def test_a_digest_posted_by_hand_is_the_last_one_and_can_be_taken_back(digest_sim):
    await digest_sim.set_up(60)
    reply = await digest_sim.post_now()
    assert len(digest_sim.posts()) == 1
    panel = await digest_sim.panel()
    assert "Last: [posted](" in panel.text
    assert ", by hand" in panel.text
    await digest_sim.click(digest_sim.boss, reply, "Undo")
    assert digest_sim.posts() == []


# --- The checklist ----------------------------------------------------------------------------------------------------


async def checklist(digest_sim):
    return await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Checklist")


async def test_items_can_be_skipped_or_marked_as_fine_and_put_back(digest_sim, rows):
    page = await checklist(digest_sim)
    assert "Set-up checklist · 0 of 5 done" in page.text
    page = await digest_sim.choose(digest_sim.boss, page, "Skip: Test post", "setupmark")
    page = await digest_sim.choose(digest_sim.boss, page, "Fine as it is: Announcements", "setupmark")
    assert "· 2 of 5 done" in page.text
    assert "➖ **Test post** · skipped" in page.text
    await digest_sim.restart()
    page = await digest_sim.click(digest_sim.boss, page, "Undo")
    assert rows("select item, state from setup_item") == [("test", "skipped")]
    page = await digest_sim.choose(digest_sim.boss, page, "Put back: Test post", "setupmark")
    assert rows("select item, state from setup_item") == []


async def test_the_checklist_says_what_is_wrong_with_the_digest(digest_sim):
    await digest_sim.set_up(60)
    assert "✅ **Weekly digest**" in (await checklist(digest_sim)).text
    digest_sim.allow(attach_files=False)
    page = await checklist(digest_sim)
    assert "⚠️ **Weekly digest**" in page.text
    assert "I'm missing **Attach Files**" in page.text


async def test_a_test_from_the_checklist_needs_a_channel_first(digest_sim, rows):
    page = await checklist(digest_sim)
    assert (
        "Choose a channel for the digest first" in (await digest_sim.click(digest_sim.boss, page, "Post a test")).text
    )
    await digest_sim.set_up(60)
    page = await digest_sim.click(digest_sim.boss, await checklist(digest_sim), "Post a test")
    assert "✅ **Test post**" in page.text
    assert len([text for text in digest_sim.channel_texts() if "Test message" in text]) == 1


async def test_announcements_can_be_turned_off_and_that_undone(digest_sim):
    async def allowed():
        return (await digest_sim.study.servers.settings(digest_sim.guild.id)).announcements

    assert await allowed()
    page = await digest_sim.click(digest_sim.boss, await checklist(digest_sim), "Turn off")
    assert not await allowed()
    assert "Completed paths stay private" in page.text
    await digest_sim.click(digest_sim.boss, page, "Undo")
    assert await allowed()
    off = await digest_sim.click(digest_sim.boss, await checklist(digest_sim), "Turn off")
    second = await checklist(digest_sim)
    await digest_sim.click(digest_sim.boss, second, "Turn on")
    assert "have changed since" in (await digest_sim.click(digest_sim.boss, off, "Undo")).text


# --- Who may ----------------------------------------------------------------------------------------------------------


async def test_the_command_requires_manage_server(digest_sim):
    root = digest_sim.env.backend.find_command("setup", digest_sim.guild.id, type=1)
    assert int(root["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    assert root["contexts"] == [0], "it is for servers"
    assert not root.get("options"), "everything is on the panel"


async def open_setup(digest_sim, who):
    """Press Set up on a message that anyone can see, such as the welcome message."""
    part = {"type": 2, "style": 2, "label": "Set up", "custom_id": "wm1:setup"}
    return await digest_sim.press(who, "wm1:setup", digest_sim.old_message(part))


def everything_on(reply):
    """Return the components of a message that can be used, with a value for selects."""
    for part in (inner for top in reply.message.components for inner in walked(top)):
        if part.get("custom_id"):
            values = [part["options"][0]["value"]] if part["type"] == 3 else []
            yield {**part, "disabled": False}, values


def walked(part):
    yield part
    for inner in [*part.get("components", []), *([part["accessory"]] if "accessory" in part else [])]:
        yield from walked(inner)


async def test_strangers_are_refused_every_component_and_learn_nothing(digest_sim, rows):
    await digest_sim.set_up()
    await digest_sim.set_up(course="az-900")
    panel = await digest_sim.panel()
    labels = ("Checklist", "Managers", "Remove")
    pages = [panel, *[await digest_sim.click(digest_sim.boss, await digest_sim.panel(), label) for label in labels]]
    pages.append(await digest_sim.click(digest_sim.boss, await checklist(digest_sim), "Post study panel"))
    pages.append(await saved(digest_sim, day="Sunday"))
    before = stored(rows)
    used = set()
    for page in pages:
        for part, values in everything_on(page):
            custom_id = part["custom_id"]
            reply = await digest_sim.press(digest_sim.ada, custom_id, digest_sim.old_message(part), *values)
            used.add(custom_id.split(":")[1])
            refused = "Only members with the Manage Server" in reply.text or MANAGERS_ONLY in reply.text
            assert refused, custom_id
            assert reply.private, custom_id
    assert used >= {"setup", "setupdraft", "setupsave", "setupdo", "setuptest", "setupmark", "setuprole", "setupundo",
                    "setupannounce", "setuppanel", "setupshow"}  # fmt: skip
    assert stored(rows) == before
    assert digest_sim.posts() == []
    assert "Test message" not in str(digest_sim.channel_texts())


async def test_the_command_is_refused_even_if_discord_let_it_through(digest_sim):
    root = digest_sim.env.backend.find_command("setup", digest_sim.guild.id, type=1)
    digest_sim.guild.set_command_permissions(int(root["id"]), {digest_sim.ada: True})
    reply = await digest_sim.command(digest_sim.ada, "setup")
    assert MANAGERS_ONLY in reply.text
    assert reply.private


async def test_nobody_can_set_up_in_direct_messages(digest_sim, rows):
    root = digest_sim.env.backend.find_command("setup", None, type=1)
    data = {"id": root["id"], "name": "setup", "type": 1, "options": []}
    reply = await digest_sim.dispatch(digest_sim.boss.user, InteractionType.APPLICATION_COMMAND, data)
    assert "only works in a server" in reply.text
    assert cohorts(rows) == []


async def test_a_role_can_manage_waymark_without_manage_server(digest_sim, rows):
    helpers = digest_sim.guild.create_role("Study leads")
    lead = digest_sim.guild.add_member(digest_sim.env.create_user("lead"), roles=[helpers])
    await digest_sim.set_up()
    page = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Managers")
    assert MANAGERS_ONLY in (await open_setup(digest_sim, lead)).text
    chosen = Reply(await digest_sim.boss.select(page.message, [helpers], custom_id=page.select_id("setuprole")))
    assert f"<@&{helpers.id}>" in chosen.text
    assert "**Integrations**" in chosen.text
    assert "Set up Waymark" in (await open_setup(digest_sim, lead)).text
    assert f"or the role <@&{helpers.id}>" in (await open_setup(digest_sim, digest_sim.ada)).text
    (part, _), *_ = everything_on(chosen)
    forbidden = await digest_sim.press(lead, part["custom_id"], digest_sim.old_message(part))
    assert "Only members with the Manage Server" in forbidden.text, "a role can't pass it on"
    await digest_sim.restart()
    await digest_sim.click(digest_sim.boss, chosen, "Undo")
    assert MANAGERS_ONLY in (await open_setup(digest_sim, lead)).text


async def test_a_panel_whose_choices_are_missing_is_out_of_date(digest_sim, rows):
    await digest_sim.set_up()
    before = stored(rows)
    for verb in ("setupsave:ask:az-104", "setupsave:add:az-104", "setupdo:check:az-104", "setupdo:preview:az-104"):
        part = {"type": 2, "style": 2, "label": "x", "custom_id": f"wm1:{verb}"}
        reply = await digest_sim.press(digest_sim.boss, f"wm1:{verb}", digest_sim.old_message(part))
        assert EXPIRED in reply.text, verb
    assert stored(rows) == before


async def test_notices_go_to_the_latest_manager(digest_sim, rows):
    admin = digest_sim.guild.create_role("Others", permissions=discord.Permissions(administrator=True))
    second = digest_sim.guild.add_member(digest_sim.env.create_user("second"), roles=[admin])
    await digest_sim.set_up()
    panel = await digest_sim.command(second, "setup")
    panel = await digest_sim.choose(second, panel, "Sunday", "setupdraft:day")
    await digest_sim.click(second, panel, "Save")
    assert rows("select set_by from cohort") == [(second.id,)]
