"""The welcome message of a server: once, wherever the bot can post."""

from datetime import timedelta

import pytest
from simcord.backend import serializers
from simcord.results import ResponseMessage

from bot.store import Store
from tests.cogs.conftest import text_of

HELLO = "Hi, I'm Waymark"


def welcomes(sim):
    """Return the stored welcome messages in all channels, direct messages included."""
    messages = [message for channel in sim.env.backend.messages.values() for message in channel.values()]
    return [message for message in messages if HELLO in text_of(message.components)]


class NewServer:
    """A server that hasn't added the bot yet."""

    def __init__(self, sim, *channels):
        self.sim, self.backend = sim, sim.env.backend
        self.owner = sim.env.create_user("owner", global_name="Olga")
        self.guild = sim.env.create_guild("A new server", owner=self.owner)
        self.channels = [self.guild.create_text_channel(name) for name in channels]

    @property
    def id(self):
        return self.guild.id

    def deny(self, *channels, **permissions):
        for channel in channels:
            self.sim.allow(channel, **permissions)

    async def add_bot(self):
        """Add the bot, as if for the first time: simcord has added it at the creation already."""
        payload = dict(serializers.guild_create_payload(self.backend, self.guild._guild))
        del payload["unavailable"]
        self.backend.emit("GUILD_DELETE", {"id": str(self.id)})
        await self.sim.env.settle()
        await self.sim.store.engine.write("purge_server", server=self.id)
        for message in welcomes(self.sim):
            del self.backend.messages[message.channel_id][message.id]
        self.backend.emit("GUILD_CREATE", payload)
        await self.sim.env.settle()


@pytest.fixture
async def new(digest_sim):
    server = NewServer(digest_sim, "rules", "general", "news")
    await digest_sim.env.settle()
    return server


async def test_a_new_server_is_welcomed_in_its_system_channel(new, digest_sim):
    new.guild._guild.system_channel_id = new.channels[2].id
    await new.add_bot()
    (message,) = welcomes(digest_sim)
    assert message.channel_id == new.channels[2].id
    text = text_of(message.components)
    assert len([line for line in text.split("\n") if line not in ("Set up", "Start studying")]) == 3
    assert {"Set up", "Start studying"} <= set(text.split("\n"))


async def test_without_a_usable_system_channel_the_first_one_that_everyone_sees_is_taken(new, digest_sim):
    new.guild._guild.system_channel_id = new.channels[0].id
    new.deny(new.channels[0], send_messages=False)
    await new.add_bot()
    assert [message.channel_id for message in welcomes(digest_sim)] == [new.channels[1].id]


async def test_a_denial_that_the_cache_does_not_know_of_leads_to_the_next_channel(new, digest_sim):
    path = f"/channels/{new.channels[0].id}/messages"
    digest_sim.env.inject_error("POST", path, status=403, code=50013, times=1, message="No")
    await new.add_bot()
    assert [message.channel_id for message in welcomes(digest_sim)] == [new.channels[1].id]


async def test_without_any_channel_the_owner_is_told(new, digest_sim):
    new.deny(*new.channels, send_messages=False)
    await new.add_bot()
    (message,) = welcomes(digest_sim)
    assert message.channel_id == digest_sim.env.backend.get_dm_channel(new.owner.id).id
    text = text_of(message.components)
    assert "I can't post in any channel of **A new server** yet" in text
    assert "Set up\n" not in text, "there is nothing to set up in direct messages"


async def test_an_uncertain_failure_is_not_repeated_anywhere(new, digest_sim):
    """The message may have arrived. No second one is worth the risk."""
    path = f"/channels/{new.channels[0].id}/messages"
    digest_sim.env.inject_error("POST", path, status=400, code=0, times=None, message="No")
    await new.add_bot()
    digest_sim.env.backend.faults.clear()
    await digest_sim.restart()
    await digest_sim.wait(20)
    assert welcomes(digest_sim) == []


@pytest.mark.parametrize("returns", ["restart", "outage", "reconnect", "rejoin"])
async def test_nobody_is_welcomed_twice(new, digest_sim, returns):
    await new.add_bot()
    assert len(welcomes(digest_sim)) == 1
    payload = dict(serializers.guild_create_payload(digest_sim.env.backend, new.guild._guild))
    if returns == "restart":
        await digest_sim.restart()
    elif returns == "reconnect":
        await digest_sim.reconnect(new.id)
        digest_sim.env.backend.emit("GUILD_CREATE", payload)
    elif returns == "outage":
        digest_sim.env.backend.emit("GUILD_DELETE", {"id": str(new.id), "unavailable": True})
        await digest_sim.env.settle()
        digest_sim.env.backend.emit("GUILD_CREATE", payload)
    else:
        digest_sim.env.backend.emit("GUILD_DELETE", {"id": str(new.id)})
        await digest_sim.env.settle()
        await digest_sim.sleep(days=29)
        del payload["unavailable"]
        digest_sim.env.backend.emit("GUILD_CREATE", payload)
    await digest_sim.wait(40)
    assert len(welcomes(digest_sim)) == 1


async def test_a_server_that_added_the_bot_while_it_was_offline_is_welcomed_at_the_start(new, digest_sim, rows):
    rows("delete from server where server_id = ?", new.id)
    for message in welcomes(digest_sim):
        del digest_sim.env.backend.messages[message.channel_id][message.id]
    await digest_sim.restart()
    assert [message.channel_id for message in welcomes(digest_sim)] == [new.channels[0].id]
    await digest_sim.restart()
    assert len(welcomes(digest_sim)) == 1


async def test_servers_from_before_welcome_messages_are_left_alone(new, digest_sim, rows):
    """The database says since when servers are welcomed; this one added the bot a second earlier."""
    rows("delete from server where server_id = ?", new.id)
    for message in welcomes(digest_sim):
        del digest_sim.env.backend.messages[message.channel_id][message.id]
    joined = digest_sim.bot.get_guild(new.id).me.joined_at
    for after, expected in ((1, 0), (0, 1)):
        since = int((joined + timedelta(seconds=after)).timestamp())
        rows("delete from setting where name = 'welcome_since'")
        rows("insert into setting (name, value) values ('welcome_since', ?)", str(since))
        await digest_sim.restart()
        assert len(welcomes(digest_sim)) == expected


async def test_a_new_database_welcomes_every_server(path):
    store = await Store.open(path)
    assert await store.settings.get("welcome_since") is None
    await store.close()


async def test_both_buttons_work_long_after_and_set_up_says_who_may(new, digest_sim):
    digest_sim.guild._guild.system_channel_id = digest_sim.channel.id
    (message,) = [each for each in welcomes(digest_sim) if each.channel_id == digest_sim.news.id]
    await digest_sim.sleep(days=3)
    posted = ResponseMessage(digest_sim.env, message)
    refused = await digest_sim.click(digest_sim.ada, posted, "Set up")
    assert refused.private
    assert "You need the Manage Server permission" in refused.text
    panel = await digest_sim.click(digest_sim.boss, posted, "Set up")
    assert panel.private
    assert "Nothing changes until you press **Save**" in panel.text
    assert text_of(message.components).count(HELLO) == 1, "the welcome message itself is unchanged"


async def test_complete_set_up_takes_at_most_six_taps(new, digest_sim, rows):
    """Set up, choose a channel (two taps), Save, Post study panel, Post it here."""
    (message,) = [each for each in welcomes(digest_sim) if each.channel_id == digest_sim.news.id]
    panel = await digest_sim.click(digest_sim.boss, ResponseMessage(digest_sim.env, message), "Set up")
    panel = await digest_sim.choose_channel(panel, digest_sim.channel)
    saved = await digest_sim.click(digest_sim.boss, panel, "Save")
    asked = await digest_sim.click(digest_sim.boss, saved, "Post study panel")
    done = await digest_sim.click(digest_sim.boss, asked, "Post it here")
    assert "✅ **Study panel**" in done.text
    assert rows("select channel_id, state from cohort") == [(digest_sim.channel.id, "on")]
    assert rows("select count(*) from server where panel_message is not null") == [(1,)]
