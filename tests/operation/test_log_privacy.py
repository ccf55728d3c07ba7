"""What no line holds, at whatever level: a token, a name, what somebody typed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.operation import logs
from tests.operation.conftest import FORMS, TOKEN, Book, raised

ODD_TOKEN = "a token/of+no=known shape"
OF_INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6YWJjZGVmZ2hpamtsbW5vcA"


@pytest.mark.parametrize("token", [TOKEN, ODD_TOKEN])
@pytest.mark.parametrize("form", FORMS)
def test_the_token_is_hidden_wherever_it_turns_up(form, token):
    def call(header: str) -> None:
        raise ValueError(f"bad header {header}")

    book = Book(form, (token,))
    book.log.error(f"plain {token}")
    book.log.error("as an argument: %r", {"Authorization": f"Bot {token}"})
    book.log.error("as an extra", extra={"token": token, "headers": [token]})
    try:
        call(token)
    except ValueError as error:
        book.log.exception("in a traceback")
        cause = error
    book.log.error("as a cause", exc_info=raised(RuntimeError(token), cause))
    assert token not in book.text
    assert token[:12] not in book.text
    assert len(book.lines) == 5
    assert all(logs.HIDDEN_TOKEN in line for line in book.lines)


@settings(deadline=None)
@given(st.text(), st.text())
def test_whatever_stands_around_it(before, after):
    for form in FORMS:
        book = Book(form)
        book.log.error("%s", before + TOKEN + after, exc_info=raised(ValueError(before + TOKEN + after)))
        assert TOKEN not in book.text


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
def test_tokens_that_nobody_named_are_known_by_their_shape(said):
    book = Book("human", ())
    book.log.warning("%s", said)
    assert logs.HIDDEN_TOKEN in book.line
    assert OF_INTERACTION not in book.line
    assert "x" * 40 not in book.line
    assert "123" in book.line or "webhooks" not in said, "whose webhook it was stays"


@pytest.mark.parametrize("hidden", ["", "x"])
def test_no_token_hides_nothing(hidden):
    book = Book("human", (hidden,))
    book.log.warning("x marks the spot")
    assert "x marks the spot" in book.line


# --- no names, no texts ---------------------------------------------------------------------------------------------

PAYLOAD = {
    "name": "complete",
    "options": [{"name": "path", "type": 3, "value": "my secret plan"}, {"name": "n", "type": 4, "value": 7}],
    "components": [{"type": 18, "component": {"custom_id": "x", "value": 'He said\n"hello"'}}],
    "resolved": {"users": {"5": {"username": "bruno", "global_name": "Bruno B", "id": "5"}}},
}


def test_what_was_typed_and_who_is_named_stays_out_of_the_lines(book):
    with logs.log_context(lambda: logs.personal(PAYLOAD, "Ada 🚀", None)):
        book.log.error("complete failed for %s: %r", "Ada 🚀", "my secret plan", extra={"who": "Bruno B"})
        book.log.error("x", exc_info=raised(KeyError("my secret plan"), ValueError('He said\n"hello"')))
        book.log.error("x", exc_info=raised(KeyError('He said\n"hello"')))
        book.log.error("sent in: %s", json.dumps(PAYLOAD))
    for text in ("Ada", "secret", "bruno", "Bruno", "hello"):
        assert text not in book.text
    assert "complete failed for [" in book.lines[0], "names of commands and options are ours"
    book.log.error("later: Bruno B")
    assert "later: Bruno B" in book.lines[4], "what is hidden belongs to the interaction"


def test_part_of_a_word_is_no_name():
    book = Book("human")
    with logs.log_context(lambda: ["Al", "e"]):
        book.log.error("Also: Al, always e")
    assert "Also: […], always e" in book.line


async def test_of_discords_objects_only_the_id_is_logged(world, book):
    guild = world.bot.get_guild(world.guild.id)
    channel = guild.get_channel(world.channel.id)
    user = await world.bot.fetch_user(world.ada.id)
    book.log.error("%s %s %s", guild, channel, user)
    book.log.error("all of %r", [guild, channel, user], extra={"guild": guild})
    for name in (guild.name, channel.name, "ada", "Ada"):
        assert name not in book.text
    assert str(guild.id) in book.lines[0]
    assert f"Guild {guild.id}" in book.lines[1]
