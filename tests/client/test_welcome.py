"""A real process that is killed while it welcomes servers: nobody is welcomed twice."""

import signal

import pytest

from tests.client.bots import quiet
from tests.client.discord_server import hall_id


def welcomes(discord, number):
    return [each for each in discord.posted.get(hall_id(number), []) if "Hi, I'm Waymark" in str(each)]


@pytest.mark.parametrize("arrives", [True, False], ids=["after the message arrived", "before it arrived"])
async def test_a_bot_that_is_killed_while_it_welcomes_a_server_does_not_do_so_again(discord, bot, arrives):
    path = f"/channels/{hall_id(0)}/messages"
    if arrives:
        discord.slowness = lambda each: 30 if each == path else 0
    else:
        discord.status = lambda each: 503 if each == path else None
    async with bot:
        await discord.until(lambda: ("POST", path) in discord.requests)
        assert welcomes(discord, 1) == [], "it welcomes one server after the other"
        bot.send(signal.SIGKILL)
        assert await bot.ended() == -signal.SIGKILL
    discord.slowness, discord.status = lambda _: 0, lambda _: None
    discord.forget_nonces()
    for _ in range(2):
        async with bot:
            await bot.serving()
            await discord.until(lambda: welcomes(discord, 1))
            bot.send(signal.SIGTERM)
            assert await bot.ended() == 0
    assert len(welcomes(discord, 0)) == int(arrives)
    assert len(welcomes(discord, 1)) == 1
    assert quiet(bot), bot.log
