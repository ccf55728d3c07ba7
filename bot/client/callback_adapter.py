"""How responses and follow-ups are sent to Discord.

discord.py asks Discord to return the message of each response and builds an object from it. Nothing here reads that
object, and it costs a fifth of a command's CPU. discord.py takes its adapter from a context variable, so this one can
leave the request out.
"""

import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger("waymark")

ALREADY_ACKNOWLEDGED = 40060
EPHEMERAL = 64


class TerseAdapter(AsyncWebhookAdapter):
    """Responds to interactions without the returned message, and sends public follow-ups once."""

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
        """Raises ``discord.HTTPException`` like the library's own."""

        async def answer() -> dict[str, Any]:
            route = Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=interaction_id,
                webhook_token=token,
            )
            sent: dict[str, Any] = (
                {"files": params.files, "multipart": params.multipart} if params.files else {"payload": params.payload}
            )
            try:
                await self.request(route, session=session, proxy=proxy, proxy_auth=proxy_auth, **sent)
            except discord.HTTPException as error:
                if error.code != ALREADY_ACKNOWLEDGED:
                    raise
                # Discord has the first answer; only its acknowledgement was lost, or the interaction came twice.
                log.info("the interaction was already answered")
            return {"interaction": {"id": interaction_id, "type": 2}}

        return answer()

    def execute_webhook(self, webhook_id: int, token: str, *, session: Any, **given: Any) -> Coroutine[Any, Any, Any]:
        """Send a follow-up. A public one isn't sent again after a server error: it may be there, and Discord takes no
        nonce for follow-ups.
        """
        payload = given.get("payload") or {}
        if not payload.get("flags", 0) & EPHEMERAL and not given.get("multipart"):
            session = _SentOnce(session)
        return super().execute_webhook(webhook_id, token, session=session, **given)


class _SentOnce:
    """A session whose requests raise ``DiscordServerError`` at once, so that the library doesn't repeat them."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **given: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with self._session.request(method, url, **given) as response:
            if response.status >= 500:
                raise discord.DiscordServerError(response, await response.text())
            yield response


def answer_tersely() -> None:
    """Use this adapter in the current task and in the tasks that it starts."""
    async_context.set(TerseAdapter())  # type: ignore[no-untyped-call]
