"""Two processes that start at the same time share the application's emojis."""

from bot.views.emojis import OWN_NAME
from tests.client.bots import Bot, quiet
from tests.client.discord_server import Discord

EMOJIS = 9 + 2 * 2
"""The segments of a bar, and the badges of two paths in two states."""


def asked(discord: Discord) -> list[str]:
    """Return the methods of all requests about emojis."""
    return [method for method, path in discord.requests if path.endswith("/emojis")]


async def test_a_process_takes_over_what_another_uploaded_meanwhile(tmp_path):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    async with Discord() as here, Discord() as there:
        there.emojis = here.emojis  # the same application, seen by processes with a gateway each
        seconds = iter([8.0])
        there.slowness = lambda path: next(seconds, 0) if path.endswith("/emojis") else 0
        async with Bot(there, folders[1]) as late:
            await there.until(lambda: asked(there))
            async with Bot(here, folders[0]) as first:
                assert f"emojis uploaded: {EMOJIS}" in (await first.logged("emojis uploaded"))[0]
                assert f"emojis uploaded: {EMOJIS}" in (await late.logged("emojis uploaded"))[0]
                assert quiet(first)
                assert quiet(late)
        assert asked(there) == ["GET", *["POST"] * EMOJIS, "GET"], "its list was outdated, so each was refused"
        names = [each["name"] for each in here.emojis]
        assert len(names) == len(set(names)) == EMOJIS
        assert all(map(OWN_NAME.fullmatch, names))
        here.requests.clear()
        async with Bot(here, folders[0]):
            await here.until(lambda: asked(here))
        assert asked(here) == ["GET"], "nothing is missing"
