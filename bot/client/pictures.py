"""Draw pictures in a thread, and keep those that were drawn last."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from io import BytesIO
from typing import Any, NamedTuple

import discord

from bot.core.plan.burndown import Burndown
from bot.views.pictures import burndown, calendar, completed, home, passed, podium, readiness
from bot.views.pictures.canvas import DrawingCache
from bot.views.pictures.words import MAX_ALT_TEXT

log = logging.getLogger("waymark")

MAX_CACHED_BYTES = 4_000_000


class Subject(NamedTuple):
    """What is drawn of one type of content: the name of the file, the PNG, and a text with the same content."""

    name: str
    draw: Callable[[Any, DrawingCache], bytes]
    alt_text: Callable[[Any], str]


SUBJECTS: Mapping[type, Subject] = {
    home.HomeCard: Subject("home", home.draw, home.alt_text),
    calendar.StudyCalendar: Subject("calendar", calendar.draw, calendar.alt_text),
    readiness.ReadinessCard: Subject("readiness", readiness.draw, readiness.alt_text),
    Burndown: Subject("plan", burndown.draw, burndown.alt_text),
    completed.CompletionCard: Subject("completed", completed.draw, completed.alt_text),
    passed.PassedCard: Subject("passed", passed.draw, passed.alt_text),
    podium.Podium: Subject("podium", podium.draw, podium.alt_text),
}


class Pictures:
    """Draws one picture at a time. Equal contents are drawn once, as long as the picture is kept."""

    def __init__(self, max_bytes: int = MAX_CACHED_BYTES, subjects: Mapping[type, Subject] = SUBJECTS) -> None:
        self._subjects = subjects
        self._drawing = DrawingCache()
        self._lock = asyncio.Lock()
        self._max_bytes = max_bytes
        self._cached: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    async def file(self, content: object) -> discord.File | None:
        """Return the picture of a content as an attachment with its description.

        Returns None if it can't be drawn: the text of a message has the same content and goes out without it.
        """
        try:
            subject = self._subjects[type(content)]
            png = await self._png(subject, content)
            alt = subject.alt_text(content)
        except Exception:
            # Libraries may raise anything for unusual names.
            log.exception("a picture of type %s could not be drawn", type(content).__name__)
            return None
        return discord.File(BytesIO(png), filename=f"{subject.name}.png", description=alt[:MAX_ALT_TEXT])

    async def _png(self, subject: Subject, content: object) -> bytes:
        # A hash, so that no names are kept in memory.
        key = blake2b(f"{subject.name}{content!r}".encode(errors="surrogatepass"), digest_size=16).digest()
        if (cached := self._found(key)) is not None:
            return cached
        async with self._lock:
            if (cached := self._found(key)) is not None:  # drawn while this one waited
                return cached
            png = await asyncio.to_thread(subject.draw, content, self._drawing)
            self._keep(key, png)
        return png

    def _found(self, key: bytes) -> bytes | None:
        cached = self._cached.get(key)
        if cached is not None:
            self._cached.move_to_end(key)
        return cached

    def _keep(self, key: bytes, png: bytes) -> None:
        self._cached[key] = png
        self._bytes += len(png)
        while self._bytes > self._max_bytes:
            _, dropped = self._cached.popitem(last=False)
            self._bytes -= len(dropped)
