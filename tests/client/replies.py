"""Commands of members, the replies to them, and the messages of the bot."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web


@dataclass
class Reply:
    """What a member sees: ``text``, the ``custom_id`` of each button, and the seconds until the reply."""

    text: str
    buttons: list[str]
    seconds: float


@dataclass
class SentCommand:
    """A command of a member. ``replies`` arrived in time, ``late`` did not."""

    learner: int
    name: str
    options: dict[str, str]
    at: float = field(default_factory=time.monotonic)
    replies: list[Reply] = field(default_factory=list)
    late: list[Reply] = field(default_factory=list)

    @property
    def reply(self) -> Reply | None:
        return self.replies[0] if self.replies else None


def _parts(payload: Any) -> list[dict[str, Any]]:
    found = []
    for one in payload if isinstance(payload, list) else [payload]:
        if isinstance(one, dict):
            found.append(one)
            for inner in one.values():
                found += _parts(inner)
    return found


def marks(posted: dict[str, Any]) -> list[str]:
    """Return the ``custom_id`` of each button and select in a message."""
    return [part["custom_id"] for part in _parts(posted["components"]) if "custom_id" in part]


def seen(asked: SentCommand, sent: dict[str, Any]) -> Reply:
    """Return what a member sees of a payload."""
    parts = _parts(sent.get("components", []))
    text = "\n".join(part["content"] for part in parts if isinstance(part.get("content"), str))
    return Reply(text, [part["custom_id"] for part in parts if "custom_id" in part], time.monotonic() - asked.at)


async def body(request: web.BaseRequest) -> Any:
    """Return the JSON of a request, also from a multipart request.

    Files are read and dropped here: ``request.post()`` leaves its temporary file open if a killed bot ends an upload.
    """
    if request.content_type.startswith("multipart/"):
        payload = None
        parts = await request.multipart()
        while isinstance(part := await parts.next(), BodyPartReader):
            content = await part.read()
            if part.name == "payload_json":
                payload = json.loads(bytes(content))
        return payload
    return json.loads(await request.read() or "null")
