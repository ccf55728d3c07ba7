"""Lost acknowledgements of responses, and lost answers to follow-ups."""

from contextlib import asynccontextmanager

import discord
import pytest
from discord.http import MultipartParameters

from bot.client.callback_adapter import ALREADY_ACKNOWLEDGED, EPHEMERAL, CallbackAdapter


class Response:
    """A response of Discord's API."""

    reason = "reason"

    def __init__(self, status, text):
        self.status, self._text = status, text
        self.headers = {"content-type": "application/json"}

    async def text(self, encoding="utf-8"):
        return self._text


class Session:
    """An HTTP session that returns these responses in turn, and then the last one forever."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), 0

    @asynccontextmanager
    async def request(self, method, url, **_):
        self.requests += 1
        yield Response(*(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]))


def sent(payload):
    return MultipartParameters(payload=payload, multipart=None, files=None)


async def respond(session):
    return await CallbackAdapter().create_interaction_response(1, "token", session=session, params=sent({"type": 4}))


async def follow_up(session, flags):
    payload = {"flags": flags}
    return await CallbackAdapter().execute_webhook(1, "token", session=session, payload=payload, wait=True)


async def test_an_already_acknowledged_response_is_a_success():
    answer = (400, f'{{"code": {ALREADY_ACKNOWLEDGED}, "message": "Interaction has already been acknowledged."}}')
    assert (await respond(Session(answer)))["interaction"]["id"] == 1


async def test_other_errors_are_raised():
    with pytest.raises(discord.HTTPException) as raised:
        await respond(Session((400, '{"code": 50035, "message": "Invalid Form Body"}')))
    assert raised.value.code == 50035


async def test_a_public_follow_up_is_not_repeated_after_a_server_error():
    """It may have arrived, and Discord accepts no nonce for follow-ups."""
    session = Session((502, "{}"), (200, '{"id": "1"}'))
    with pytest.raises(discord.DiscordServerError):
        await follow_up(session, 0)
    assert session.requests == 1


async def test_a_successful_follow_up_is_returned():
    session = Session((200, '{"id": "1"}'))
    assert await follow_up(session, 0) == {"id": "1"}
    assert await follow_up(session, EPHEMERAL) == {"id": "1"}
