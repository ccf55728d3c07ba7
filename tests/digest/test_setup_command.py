"""``/setup`` and ``/digest`` as administrators type them, and as others try to."""

from datetime import timedelta

import discord
import pytest
from simcord.backend import serializers
from simcord.enums import InteractionType

WRONG = "Something went wrong on my side"
MANAGERS_ONLY = "This is for people with the permission Manage Server"
SUBCOMMANDS = ("status", "preview", "post", "pause", "resume", "off")


def cohorts(rows):
    return rows("select course, channel_id, day, minute, zone, state from cohort order by course")


def next_run(digest_sim, **by):
    return f"✅ Next: <t:{int((digest_sim.env.now() + timedelta(**by)).timestamp())}:F>"


async def typed(digest_sim, who, command, *options, **resolved):
    """Dispatch a command as Discord does, whatever its client would have allowed."""
    root = digest_sim.env.backend.find_command(command, digest_sim.guild.id, type=1)
    data = {"id": root["id"], "name": command, "type": 1, "options": list(options), "resolved": resolved}
    return await digest_sim.dispatch(who, InteractionType.APPLICATION_COMMAND, data)


# --- Setting up -------------------------------------------------------------------------------------------------------


async def test_the_first_setup_uses_this_channel_and_shows_the_settings(digest_sim, rows):
    reply = await digest_sim.command(digest_sim.boss, "setup")
    assert reply.private
    assert f"**AZ-104** in <#{digest_sim.channel.id}>" in reply.text
    assert "Mondays at 09:00, UTC" in reply.text
    assert next_run(digest_sim, days=4, hours=9) in reply.text
    assert "Nothing was posted yet" in reply.text
    assert "✅ I have every permission that it needs there" in reply.text
    assert cohorts(rows) == [("az-104", digest_sim.channel.id, 0, 540, "UTC", "on")]
    assert rows("select set_by from cohort") == [(digest_sim.boss.id,)]


async def test_all_parts_at_once(digest_sim, rows):
    reply = await digest_sim.command(
        digest_sim.boss,
        "setup",
        course="az-900",
        channel=digest_sim.news,
        day="Wednesday",
        time="6:15 pm",
        timezone="Mumbai",
    )
    assert "Wednesdays at 18:15, Asia/Kolkata" in reply.text
    assert next_run(digest_sim, days=6, hours=12, minutes=45) in reply.text
    assert cohorts(rows) == [("az-900", digest_sim.news.id, 2, 1095, "Asia/Kolkata", "on")]


async def test_each_option_changes_only_its_setting(digest_sim, rows):
    await digest_sim.command(digest_sim.boss, "setup", day="Friday", time="18:30", timezone="Berlin")
    now = ["az-104", digest_sim.channel.id, 4, 1110, "Europe/Berlin", "on"]
    assert cohorts(rows) == [tuple(now)]
    parts = (
        ("channel", digest_sim.news, 1, digest_sim.news.id),
        ("day", "Sunday", 2, 6),
        ("time", "7", 3, 420),
        ("timezone", "Tokyo", 4, "Asia/Tokyo"),
    )
    for option, value, column, stored in parts:
        await digest_sim.command(digest_sim.boss, "setup", **{option: value})
        now[column] = stored
        assert cohorts(rows) == [tuple(now)], option


async def test_setup_without_anything_only_shows_the_panel(digest_sim, rows):
    await digest_sim.command(digest_sim.boss, "setup", day="Friday", channel=digest_sim.news)
    before = rows("select * from cohort")
    digest_sim.env.backend.advance_clock(3600)
    reply = await digest_sim.command(digest_sim.boss, "setup")
    assert f"<#{digest_sim.news.id}>" in reply.text
    assert rows("select * from cohort") == before


async def test_the_course_of_setup_becomes_the_servers(digest_sim):
    assert "AZ-104" in (await digest_sim.command(digest_sim.ada, "paths")).text
    await digest_sim.command(digest_sim.boss, "setup", course="az-900")
    assert "AZ-900" in (await digest_sim.command(digest_sim.ada, "paths")).text
    await digest_sim.restart()
    assert "AZ-900" in (await digest_sim.command(digest_sim.ada, "paths")).text


async def test_a_digest_for_each_course_all_on_one_panel(digest_sim, rows):
    await digest_sim.command(digest_sim.boss, "setup", day="Friday", timezone="Berlin")
    reply = await digest_sim.command(digest_sim.boss, "setup", course="az-900", channel=digest_sim.news, time="20")
    assert "**AZ-104**" in reply.text
    assert "**AZ-900**" in reply.text
    assert cohorts(rows) == [
        ("az-104", digest_sim.channel.id, 4, 540, "Europe/Berlin", "on"),
        ("az-900", digest_sim.news.id, 4, 1200, "Europe/Berlin", "on"),
    ]
    unclear = await digest_sim.command(digest_sim.boss, "digest pause")
    assert "Name the `course`" in unclear.text
    assert [row[5] for row in cohorts(rows)] == ["on", "on"]
    await digest_sim.command(digest_sim.boss, "digest pause", course="az-900")
    assert [row[5] for row in cohorts(rows)] == ["on", "paused"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("timezone", "Mars", "“Mars” is not a time zone that I know"),
        ("timezone", "Berlni", "such as `Europe/Berlin`"),
        ("time", "25:00", "“25:00” is not a time of day"),
        ("time", "soon", "Write it like `09:00`"),
        ("course", "xx-999", "There is no course “xx-999”"),
    ],
)
@pytest.mark.parametrize("before", [True, False])
async def test_invalid_options_are_refused_and_change_nothing(digest_sim, rows, option, value, words, before):
    if before:
        await digest_sim.command(digest_sim.boss, "setup")
    stored = rows("select * from cohort"), rows("select * from server")
    reply = await digest_sim.command(digest_sim.boss, "setup", **{option: value})
    assert words in reply.text
    assert WRONG not in reply.text
    assert reply.private
    assert (rows("select * from cohort"), rows("select * from server")) == stored


@pytest.mark.parametrize("day", ["Funday", "", "monday"])
async def test_a_day_that_discord_does_not_offer(digest_sim, rows, day):
    """Official clients send only offered choices; others may send anything."""
    reply = await typed(digest_sim, digest_sim.boss, "setup", {"name": "day", "type": 3, "value": day})
    assert WRONG not in reply.text
    assert cohorts(rows) == [] or cohorts(rows)[0][2] == 0


async def test_a_channel_of_another_server_is_refused(digest_sim, rows):
    theirs = digest_sim.env.create_guild("Another server").create_text_channel("theirs")
    channel = dict(serializers.channel_payload(digest_sim.env.backend, theirs._channel)) | {"permissions": "8"}
    option = {"name": "channel", "type": 7, "value": str(theirs.id)}
    reply = await typed(digest_sim, digest_sim.boss, "setup", option, channels={str(theirs.id): channel})
    assert WRONG not in reply.text
    assert cohorts(rows) == []


async def test_a_channel_that_was_deleted_while_it_was_chosen_is_refused(digest_sim, rows):
    gone = digest_sim.guild.create_text_channel("gone")
    channel = dict(serializers.channel_payload(digest_sim.env.backend, gone._channel)) | {"permissions": "8"}
    digest_sim.env.backend.delete_channel(gone.id)
    option = {"name": "channel", "type": 7, "value": str(gone.id)}
    reply = await typed(digest_sim, digest_sim.boss, "setup", option, channels={str(gone.id): channel})
    assert WRONG not in reply.text
    assert cohorts(rows) == []


async def test_categories_and_forums_are_not_offered(digest_sim):
    root = digest_sim.env.backend.find_command("setup", digest_sim.guild.id, type=1)
    (channel,) = [option for option in root["options"] if option["name"] == "channel"]
    assert 4 not in channel["channel_types"], "a category"
    assert 15 not in channel["channel_types"], "a forum"
    assert 0 in channel["channel_types"]


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"send_messages": False}, "Send Messages"),
        ({"attach_files": False}, "I lack Attach Files in"),
        ({"read_message_history": False}, "I lack Read Message History in"),
        ({"view_channel": False}, "View Channel"),
    ],
)
async def test_missing_permissions_are_shown_at_once(digest_sim, rows, lost, words):
    digest_sim.allow(digest_sim.news, **lost)
    reply = await digest_sim.command(digest_sim.boss, "setup", channel=digest_sim.news)
    assert words in reply.text
    assert f"<#{digest_sim.news.id}>" in reply.text
    assert "every permission" not in reply.text
    assert len(cohorts(rows)) == 1, "it is set anyway: the permission may be granted later"
    digest_sim.allow(digest_sim.news)
    assert "every permission" in (await digest_sim.command(digest_sim.boss, "setup")).text


async def test_notices_go_to_the_latest_administrator(digest_sim, rows):
    owner = digest_sim.guild.add_member(digest_sim.env.create_user("second"), roles=[digest_sim.guild.create_role(
        "Others", permissions=discord.Permissions(administrator=True))])  # fmt: skip
    await digest_sim.command(digest_sim.boss, "setup")
    await digest_sim.command(owner, "setup", day="Friday")
    assert rows("select set_by from cohort") == [(owner.id,)]


# --- What is offered --------------------------------------------------------------------------------------------------


async def test_zones_are_offered_by_city(digest_sim):
    assert "Asia/Kolkata" in (await digest_sim.offered(digest_sim.boss, "setup", "timezone", "mumb")).values()
    assert "Europe/Berlin" in (await digest_sim.offered(digest_sim.boss, "setup", "timezone", "BERL")).values()
    first = await digest_sim.offered(digest_sim.boss, "setup", "timezone", "")
    assert "UTC" in first.values()
    for text in ("", "a", "é", "`", "x" * 90):
        choices = await digest_sim.choices(digest_sim.boss, "setup", "timezone", text)
        assert len(choices) <= 25
        assert all(1 <= len(each["name"]) <= 100 and 1 <= len(each["value"]) <= 100 for each in choices)


async def test_offered_zones_are_accepted(digest_sim):
    for zone in (await digest_sim.offered(digest_sim.boss, "setup", "timezone", "port")).values():
        reply = await digest_sim.command(digest_sim.boss, "setup", timezone=zone)
        assert zone.replace("_", " ") in reply.text


async def test_courses_are_offered(digest_sim):
    assert (await digest_sim.offered(digest_sim.boss, "setup", "course", "900"))[
        "AZ-900 Microsoft Azure Fundamentals"
    ] == "az-900"


# --- Who may ----------------------------------------------------------------------------------------------------------


async def test_the_commands_require_manage_server(digest_sim):
    for name in ("setup", "digest"):
        root = digest_sim.env.backend.find_command(name, digest_sim.guild.id, type=1)
        assert int(root["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
        assert root["contexts"] == [0], f"{name} is for servers"


@pytest.fixture
async def let_through(digest_sim):
    """Dispatch the commands for a member without the permission, as if the server's settings allowed it."""
    await digest_sim.command(digest_sim.boss, "setup", day="Friday")
    for name in ("setup", "digest"):
        root = digest_sim.env.backend.find_command(name, digest_sim.guild.id, type=1)
        digest_sim.guild.set_command_permissions(int(root["id"]), {digest_sim.ada: True})
    return digest_sim.ada


async def test_a_member_is_refused_setup_even_if_discord_let_it_through(digest_sim, let_through, rows):
    before = rows("select * from cohort")
    for options in ({}, {"day": "Sunday"}, {"channel": digest_sim.news}, {"course": "az-900"}, {"timezone": "Mars"}):
        reply = await digest_sim.command(let_through, "setup", **options)
        assert MANAGERS_ONLY in reply.text
        assert reply.private
    assert rows("select * from cohort") == before
    assert digest_sim.study.course(digest_sim.guild.id).id == "az-104"


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_a_member_is_refused_every_digest_command_even_if_discord_let_it_through(
    digest_sim, let_through, rows, name
):
    before = rows("select * from cohort")
    reply = await digest_sim.command(let_through, f"digest {name}")
    assert MANAGERS_ONLY in reply.text
    assert reply.private
    assert rows("select * from cohort") == before
    assert digest_sim.posts() == []


async def test_a_member_is_refused_before_any_lookup(digest_sim, let_through):
    """The refusal doesn't reveal whether anything is set up."""
    reply = await digest_sim.command(let_through, "digest preview", course="az-900")
    assert MANAGERS_ONLY in reply.text
    assert "AZ-900" not in reply.text


async def test_nobody_can_set_up_a_digest_in_direct_messages(digest_sim, rows):
    for name in ("setup", "digest"):
        root = digest_sim.env.backend.find_command(name, None, type=1)
        options = [{"name": "status", "type": 1, "options": []}] if name == "digest" else []
        data = {"id": root["id"], "name": name, "type": 1, "options": options}
        reply = await digest_sim.dispatch(digest_sim.boss.user, InteractionType.APPLICATION_COMMAND, data)
        assert "only in a server" in reply.text
        assert WRONG not in reply.text
    assert cohorts(rows) == []


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_digest_commands_before_any_setup_say_what_to_do(digest_sim, name):
    reply = await digest_sim.command(digest_sim.boss, f"digest {name}")
    assert WRONG not in reply.text
    assert "/setup" in reply.text


async def test_a_wrong_course_of_a_digest_command_is_refused(digest_sim):
    await digest_sim.command(digest_sim.boss, "setup")
    assert "no AZ-900 digest" in (await digest_sim.command(digest_sim.boss, "digest pause", course="az-900")).text
    assert "There is no course" in (await digest_sim.command(digest_sim.boss, "digest pause", course="xx")).text
