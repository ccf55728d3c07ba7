"""Log lines contain no tokens, names or typed text, at any level."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.operation import logs
from tests.operation.conftest import FORMS, TOKEN, CapturedLog, raised

ODD_TOKEN = "a token/of+no=known shape"
OF_INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6YWJjZGVmZ2hpamtsbW5vcA"


@pytest.mark.parametrize("token", [TOKEN, ODD_TOKEN])
@pytest.mark.parametrize("form", FORMS)
def test_the_token_is_hidden_everywhere(form, token):
    def call(header: str) -> None:
        raise ValueError(f"bad header {header}")

    captured = CapturedLog(form, (token,))
    captured.log.error(f"plain {token}")
    captured.log.error("as an argument: %r", {"Authorization": f"Bot {token}"})
    captured.log.error("as an extra", extra={"token": token, "headers": [token]})
    try:
        call(token)
    except ValueError as error:
        captured.log.exception("in a traceback")
        cause = error
    captured.log.error("as a cause", exc_info=raised(RuntimeError(token), cause))
    assert token not in captured.text
    assert token[:12] not in captured.text
    assert len(captured.lines) == 5
    assert all(logs.HIDDEN_TOKEN in line for line in captured.lines)


@settings(deadline=None)
@given(st.text(), st.text())
def test_the_token_is_hidden_in_any_context(before, after):
    for form in FORMS:
        captured = CapturedLog(form)
        captured.log.error("%s", before + TOKEN + after, exc_info=raised(ValueError(before + TOKEN + after)))
        assert TOKEN not in captured.text


@pytest.mark.parametrize(
    "said",
    [
        f"POST https://discord.com/api/v10/webhooks/123/{OF_INTERACTION} responded with 429",
        f"/interactions/123/{OF_INTERACTION}/callback",
        f"token={OF_INTERACTION}",
        f"Authorization: Bot {'x' * 40}",
        TOKEN,
    ],
)
def test_unknown_tokens_are_detected_by_pattern(said):
    captured = CapturedLog("human", ())
    captured.log.warning("%s", said)
    assert logs.HIDDEN_TOKEN in captured.line
    assert OF_INTERACTION not in captured.line
    assert "x" * 40 not in captured.line
    assert "123" in captured.line or "webhooks" not in said, "the ID of the webhook is kept"


@pytest.mark.parametrize("hidden", ["", "x"])
def test_no_token_hides_nothing(hidden):
    captured = CapturedLog("human", (hidden,))
    captured.log.warning("x marks the spot")
    assert "x marks the spot" in captured.line


# --- no names, no texts ---------------------------------------------------------------------------------------------

PAYLOAD = {
    "name": "complete",
    "options": [{"name": "path", "type": 3, "value": "my secret plan"}, {"name": "n", "type": 4, "value": 7}],
    "components": [{"type": 18, "component": {"custom_id": "x", "value": 'He said\n"hello"'}}],
    "resolved": {"users": {"5": {"username": "bruno", "global_name": "Bruno B", "id": "5"}}},
}


def test_typed_text_and_names_are_hidden(captured):
    with logs.log_context(lambda: logs.personal(PAYLOAD, "Ada 🚀", None)):
        captured.log.error("complete failed for %s: %r", "Ada 🚀", "my secret plan", extra={"who": "Bruno B"})
        captured.log.error("x", exc_info=raised(KeyError("my secret plan"), ValueError('He said\n"hello"')))
        captured.log.error("x", exc_info=raised(KeyError('He said\n"hello"')))
        captured.log.error("sent in: %s", json.dumps(PAYLOAD))
    for text in ("Ada", "secret", "bruno", "Bruno", "hello"):
        assert text not in captured.text
    assert "complete failed for [" in captured.lines[0], "names of commands and options are not personal"
    captured.log.error("later: Bruno B")
    assert "later: Bruno B" in captured.lines[4], "only within the interaction"


def test_names_match_whole_words_only():
    captured = CapturedLog("human")
    with logs.log_context(lambda: ["Al", "e"]):
        captured.log.error("Also: Al, always e")
    assert "Also: […], always e" in captured.line


async def test_only_ids_of_discord_objects_are_logged(sim, captured):
    guild = sim.bot.get_guild(sim.guild.id)
    channel = guild.get_channel(sim.channel.id)
    user = await sim.bot.fetch_user(sim.ada.id)
    captured.log.error("%s %s %s", guild, channel, user)
    captured.log.error("all of %r", [guild, channel, user], extra={"guild": guild})
    for name in (guild.name, channel.name, "ada", "Ada"):
        assert name not in captured.text
    assert str(guild.id) in captured.lines[0]
    assert f"Guild {guild.id}" in captured.lines[1]
