"""Send responses and follow-ups to Discord.

discord.py asks Discord to return the message of each response and builds an object from it. The bot doesn't use that
object, and building it takes a fifth of a command's CPU time. discord.py takes its adapter from a context variable, so
this module can replace it.
"""

import json
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import discord
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger("waymark")

ALREADY_ACKNOWLEDGED = 40060
EPHEMERAL = 64


class CallbackAdapter(AsyncWebhookAdapter):
    """Sends responses without requesting the resulting message, and never retries public follow-ups."""

    def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> Coroutine[Any, Any, Any]:
        """Send the first response. Raises ``discord.HTTPException``."""

        async def respond() -> dict[str, Any]:
            route = Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=interaction_id,
                webhook_token=token,
            )
            arguments: dict[str, Any] = (
                {"files": params.files, "multipart": params.multipart} if params.files else {"payload": params.payload}
            )
            try:
                await self.request(route, session=session, proxy=proxy, proxy_auth=proxy_auth, **arguments)
            except discord.HTTPException as error:
                if error.code != ALREADY_ACKNOWLEDGED:
                    raise
                # Discord has received the response: its acknowledgement was lost, or the interaction arrived twice.
                log.info("the interaction was already acknowledged")
            return {"interaction": {"id": interaction_id, "type": 2}}

        return respond()

    def execute_webhook(self, webhook_id: int, token: str, *, session: Any, **kwargs: Any) -> Coroutine[Any, Any, Any]:
        """Send a follow-up. Don't retry a public one after a server error.

        It may have arrived, and Discord accepts no nonce for follow-ups.
        """
        payload = kwargs.get("payload") or _payload_of(kwargs.get("multipart") or ())
        if not payload.get("flags", 0) & EPHEMERAL:
            session = _NoRetrySession(session)
        return super().execute_webhook(webhook_id, token, session=session, **kwargs)


def _payload_of(multipart: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the payload of a request with files."""
    texts = [part["value"] for part in multipart if part.get("name") == "payload_json"]
    return cast(dict[str, Any], json.loads(texts[0])) if texts else {}


class _NoRetrySession:
    """A session that raises ``DiscordServerError`` itself, which keeps discord.py from retrying."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **kwargs: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with self._session.request(method, url, **kwargs) as response:
            if response.status >= 500:
                raise discord.DiscordServerError(response, await response.text())
            yield response


def use_callback_adapter() -> None:
    """Use ``CallbackAdapter`` in the current task and the tasks that it starts."""
    async_context.set(CallbackAdapter())  # type: ignore[no-untyped-call]
