"""Upload the emojis that the bot needs and Discord doesn't have, and delete outdated ones of the bot."""

import asyncio
import itertools
import logging
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress

import discord

from bot.client.responses import UNREACHABLE
from bot.views.emojis import OWN_NAME, Emoji, bar_texts
from bot.views.pictures.emojis import draw
from bot.views.references import References

log = logging.getLogger("waymark")

MAX_EMOJIS = 2000
"""Discord's limit per application."""
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 3600.0
"""Seconds between attempts. Until one succeeds, texts show characters instead."""


class EmojiSync:
    """Keeps the application's emojis equal to ``emojis``, of which the first are uploaded first.

    Discord's list is the only record: another process, or someone in the developer portal, may change the emojis.
    """

    def __init__(
        self, client: discord.Client, references: References, emojis: Sequence[Emoji], *, most: int = MAX_EMOJIS
    ) -> None:
        self._most = most
        self._client = client
        self._references = references
        self._lock = asyncio.Lock()
        self._emojis = {emoji.name: emoji for emoji in emojis}

    async def run(self) -> None:
        """Synchronize; retry with increasing delays what fails. Returns when nothing is left to do."""
        for number in itertools.count():
            pause = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)
            try:
                if await self.synchronize():
                    return
            except discord.RateLimited as error:
                pause = max(pause, error.retry_after)
            except UNREACHABLE as error:
                log.warning("emojis could not be synchronized: %s", error)
            except Exception:
                # Emojis are decoration, so no failure to draw or read one may disturb anything else.
                log.exception("emojis could not be synchronized")
            await asyncio.sleep(pause)

    async def synchronize(self) -> bool:
        """Compare with Discord's list once, upload what is missing, then delete what is outdated.

        One request at a time: discord.py waits where Discord limits the rate. Return whether all of it worked.
        """
        async with self._lock:
            return await self._synchronize()

    async def _synchronize(self) -> bool:
        known = await self._listed()
        missing = [emoji for name, emoji in self._emojis.items() if name not in known]
        room = self._most - len(known)
        if room < len(missing):
            await self._delete_outdated(known)
            room = self._most - len(known)
        refused = [emoji for emoji in missing[: max(0, room)] if not await self._upload(emoji)]
        if missing:
            known = await self._listed()
            log.info("emojis uploaded: %d", sum(emoji.name in known for emoji in missing))
        # Another process that uploaded a refused one in the meantime is as good.
        complete = all(emoji.name in known for emoji in refused)
        if complete:
            await self._delete_outdated(known)
        return complete

    async def _listed(self) -> dict[str, int]:
        """Return Discord's emojis, and refer to them from now on. Where two have one name, the older one counts."""
        listed = await self._client.http.get_application_emojis(self._application)
        known: dict[str, int] = {}
        for item in sorted(listed["items"], key=lambda item: int(item["id"] or 0)):
            known.setdefault(item["name"] or "", int(item["id"] or 0))
        self._refer(known)
        return known

    def _refer(self, known: Mapping[str, int]) -> None:
        self._references.emojis = {name: known[name] for name in self._emojis if name in known}
        self._references.bars = bar_texts(self._references.emojis)

    async def _upload(self, emoji: Emoji) -> bool:
        """Draw an emoji in a thread and upload it. Return whether Discord accepted it."""
        image = b64encode(await asyncio.to_thread(draw, emoji)).decode()
        try:
            await self._client.http.create_application_emoji(
                self._application, emoji.name, f"data:image/png;base64,{image}"
            )
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            log.info("Discord refused the emoji %s: %s", emoji.name, error)  # another process may have uploaded it
            return False
        return True

    async def _delete_outdated(self, known: dict[str, int]) -> None:
        """Delete the bot's emojis that are no longer needed, and remove them from ``known``."""
        for name in [name for name in known if name not in self._emojis and OWN_NAME.fullmatch(name)]:
            with suppress(discord.NotFound):  # another process was faster
                await self._client.http.delete_application_emoji(self._application, known[name])
            del known[name]

    @property
    def _application(self) -> int:
        if self._client.application_id is None:
            raise RuntimeError("emojis can be synchronized only after login")
        return self._client.application_id
