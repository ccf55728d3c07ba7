"""A Discord server for one bot process: gateway and REST on a local port, recorded requests, and simulated failures.

It has no TLS, no rate limits unless a test sets them, and no network delay. It keeps two rules that matter after a
crash: a message with a known ``nonce`` is not posted again, and a resumed session receives the missed events.
"""

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, TypeVar

from aiohttp import web

from tests.bench.payloads import APPLICATION, BOT_USER, JOINED, PERMISSIONS, SERVER, command, message, server, user
from tests.client.replies import Reply, SentCommand, body, seen
from tests.client.stream import Stream

EPOCH_MS = 1_420_070_400_000
TALK = 204
"""Added to a server's id it is that of its channel for digests."""
HALL = 203
"""Added to a server's ID, this is the ID of its system channel."""
READ_MESSAGE_HISTORY = 1 << 16
UNKNOWN_INTERACTION = {"code": 10062, "message": "Unknown interaction"}
DISCORD_WAITS = 3.0
"""Seconds after which Discord takes no first answer to an interaction any more."""

T = TypeVar("T")


def server_id(number: int) -> int:
    return SERVER + number * 1000


def channel_id(number: int) -> int:
    """Return the channel for the digests of a server."""
    return server_id(number) + TALK


def hall_id(number: int) -> int:
    """Return the system channel of a server."""
    return server_id(number) + HALL


def _small(number: int) -> dict[str, Any]:
    """Return the payload of a server with the few channels that the tests use."""
    made = server(number, topics=False)
    kept = (HALL, TALK, TALK + 1)
    made["channels"] = [each for each in made["channels"] if int(each["id"]) - server_id(number) in kept]
    for role in made["roles"]:
        role["permissions"] = str(int(PERMISSIONS) | READ_MESSAGE_HISTORY)
    return made


class _Connections(web.Server):
    """Tracks when a connection has ended and everything received over it was handled."""

    ended: Callable[[], None]

    def connection_lost(self, handler: Any, exc: BaseException | None = None) -> None:
        task = handler._task_handler
        super().connection_lost(handler, exc)
        if task:
            task.add_done_callback(lambda _: self.ended())
        else:
            self.ended()


class Discord:
    """``async with Discord(servers) as discord`` starts and stops the server."""

    def __init__(self, servers: int = 1, first: int = 0) -> None:
        """The bot is in ``servers`` servers, numbered from ``first`` on."""
        self.servers = range(first, first + servers)
        self.posted: dict[int, list[dict[str, Any]]] = {}
        """The messages of each channel, the oldest first."""
        self.requests: list[tuple[str, str]] = []
        self.identified = self.resumed = self.rosters = 0
        self.commands: list[dict[str, Any]] = []
        self.emojis: list[dict[str, str]] = []
        self.status: Callable[[str], int | None] = lambda _: None
        """The error that a path is answered with, if any."""
        self.retry_after = 0.2
        self.slowness: Callable[[str], float] = lambda _: 0
        """The seconds that Discord takes after it has done what a path asks for."""
        self.close_code: int | None = None
        """What the gateway says to a bot that identifies itself, if it lets it not in."""
        self.knows_session = True
        self.patience: float | None = DISCORD_WAITS
        self._asked: dict[str, SentCommand] = {}
        self._nonces: dict[str, dict[str, Any]] = {}
        self._numbers, self._sessions = count(1), count(1)
        self._dispatched: list[dict[str, Any]] = []
        self._session = ""
        self._stream: Stream | None = None
        self._news = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self._hold(0)

    # --- up and down --------------------------------------------------------------------------------------------------

    def _hold(self, port: int) -> None:
        """Bind the port without listening, so that connections are refused."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]

    async def __aenter__(self) -> "Discord":
        await self.come_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_down()
        self._socket.close()

    async def come_up(self) -> None:
        if self._runner is None:
            self._connections = _Connections(self._handle)
            self._connections.ended = self.tell
            self._runner = web.ServerRunner(self._connections, shutdown_timeout=0.1)
            await self._runner.setup()
            await web.SockSite(self._runner, self._socket).start()

    async def go_down(self) -> None:
        """Abort every connection and refuse new ones."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            for each in self._connections.connections:
                if each.transport:
                    each.transport.abort()
            await runner.cleanup()
            self._hold(self.port)

    async def drop(self, code: int | None = None) -> None:
        """Close the gateway connection with a close code, or abort it."""
        assert self._stream
        stream, self._stream = self._stream, None
        await stream.drop(code)

    def forget_nonces(self) -> None:
        """Forget all nonces, as Discord does after a few minutes."""
        self._nonces.clear()

    # --- waiting ------------------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Notify waiters that something happened."""
        self._news.set()
        self._news = asyncio.Event()

    async def until(self, found: Callable[[], T], seconds: float = 120) -> T:
        """Wait until ``found`` returns a true value, and return it. It is evaluated after every event."""
        async with asyncio.timeout(seconds):
            while not (it := found()):
                await self._news.wait()
        return it

    async def all_is_read(self) -> None:
        """Wait until everything that a killed process had sent was handled."""
        await self.until(lambda: not self._connections.connections)

    # --- members ------------------------------------------------------------------------------------------------------

    async def ask(self, learner: int, name: str, **options: str) -> SentCommand:
        """Send a member's command in the first server."""
        made = command(next(self._numbers), learner, name, options)
        asked = self._asked[made["id"]] = SentCommand(learner, name, options)
        await self._dispatch("INTERACTION_CREATE", made)
        return asked

    async def answered(self, learner: int, name: str, **options: str) -> Reply:
        """Send a command and return what the member sees."""
        asked = await self.ask(learner, name, **options)
        return await self.until(lambda: asked.reply)

    # --- the gateway --------------------------------------------------------------------------------------------------

    async def _dispatch(self, event: str, payload: Any) -> None:
        told = {"op": 0, "t": event, "s": len(self._dispatched) + 1, "d": payload}
        self._dispatched.append(told)
        await self._send(told)

    async def _send(self, payload: dict[str, Any]) -> None:
        if self._stream:
            with suppress(ConnectionError):  # it just died
                await self._stream.send(payload)

    async def _serve_gateway(self, request: web.BaseRequest) -> web.WebSocketResponse:
        mine = self._stream = Stream(request.query.get("compress"))
        await mine.socket.prepare(request)
        await self._send({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for said in mine.socket:
            if mine is self._stream:
                await self._hear(json.loads(said.data))
        if mine is self._stream:
            self._stream = None
        return mine.socket

    async def _hear(self, said: dict[str, Any]) -> None:
        match said["op"]:
            case 1:
                await self._send({"op": 11})
            case 2 if self.close_code:
                await self.drop(self.close_code)
            case 2:
                await self._greet(said["d"])
            case 6 if self.knows_session and said["d"]["session_id"] == self._session:
                for missed in self._dispatched[said["d"]["seq"] :]:
                    await self._send(missed)
                await self._dispatch("RESUMED", {})
                self.resumed += 1
            case 6:
                await self._send({"op": 9, "d": False})
            case 8:
                await self._tell_members(said["d"])
        self.tell()

    async def _greet(self, told: dict[str, Any]) -> None:
        self._session, self._dispatched = f"session{next(self._sessions)}", []
        known = [{"id": str(server_id(number)), "unavailable": True} for number in self.servers]
        await self._dispatch("READY", {
            "v": 10, "user": BOT_USER, "guilds": known, "session_id": self._session, "shard": told["shard"],
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": APPLICATION["id"], "flags": 0},
        })  # fmt: skip
        for number in self.servers:
            await self._dispatch("GUILD_CREATE", _small(number))
        self.identified += 1

    async def _tell_members(self, wanted: dict[str, Any]) -> None:
        self.rosters += 1
        members = [
            {"user": user(int(one)), "nick": None, "avatar": None, "roles": [], "joined_at": JOINED,
             "premium_since": None, "deaf": False, "mute": False, "flags": 0, "pending": False}
            for one in wanted["user_ids"]
        ]  # fmt: skip
        await self._dispatch("GUILD_MEMBERS_CHUNK", {
            "guild_id": str(wanted["guild_id"]), "members": members, "chunk_index": 0, "chunk_count": 1,
            "not_found": [], "nonce": wanted.get("nonce"),
        })  # fmt: skip

    # --- requests -----------------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/gateway":
            if self.status(request.path):
                return web.Response(status=503)
            return await self._serve_gateway(request)
        path = request.path.removeprefix("/api/v10")
        sent = await body(request)
        self.requests.append((request.method, path))
        if wrong := self.status(path):
            answer = {"message": "a bad day", "code": 0, "retry_after": self.retry_after, "global": False}
            status = wrong
        else:
            status, answer = self._answer(request.method, path, sent, request.query)
        self.tell()
        if seconds := self.slowness(path):
            await asyncio.sleep(seconds)
        text = json.dumps(answer).encode()
        return web.Response(body=text, status=status, headers={"Via": "1.1 test"}, content_type="application/json")

    def _answer(self, method: str, path: str, sent: Any, query: Any) -> tuple[int, Any]:
        match method, path.strip("/").split("/"):
            case "POST", ["interactions", number, _, "callback"]:
                return self._reply(self._asked[number], sent)
            case ("POST", ["webhooks", _, token]) | ("PATCH", ["webhooks", _, token, "messages", _]):
                asked = self._asked[str(900_000_000_000_000_000 + int(re.sub(r"\D", "", token[15:])))]
                asked.replies.append(seen(asked, sent))
                return 200, message(self._snowflake(), sent)
            case "POST", ["channels", channel, "messages"]:
                return 200, self._post(int(channel), sent)
            case "GET", ["channels", channel, "messages"]:
                later = [each for each in self.posted.get(int(channel), ()) if int(each["id"]) > int(query["after"])]
                return 200, later[: int(query["limit"])][::-1]
            case _, ["applications", _, kind]:
                return self._answer_application(method, kind, sent)
            case "GET", ["gateway", "bot"]:
                starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                url = f"ws://127.0.0.1:{self.port}/gateway"
                return 200, {"url": url, "shards": 1, "session_start_limit": starts}
            case "GET", ["users", "@me"]:
                return 200, BOT_USER
            case "GET", ["oauth2", "applications", "@me"]:
                return 200, APPLICATION
        return 404, {"message": "404: Not Found", "code": 0}

    def _answer_application(self, method: str, kind: str, sent: Any) -> tuple[int, Any]:
        """Answer about commands and emojis. As with Discord, two emojis can't have one name."""
        match method, kind:
            case "GET", "commands":
                return 200, self.commands
            case "PUT", "commands":
                told = {
                    "application_id": BOT_USER["id"],
                    "version": "1",
                    "default_member_permissions": None,
                    "description": "",
                }
                self.commands = [{"id": str(7000 + number), **told, **each} for number, each in enumerate(sent)]
                return 200, self.commands
            case "GET", "emojis":
                return 200, {"items": self.emojis.copy()}
            case "POST", "emojis":
                if any(each["name"] == sent["name"] for each in self.emojis):
                    return 400, {"message": "Invalid Form Body", "code": 50035}
                self.emojis.append({"id": self._snowflake(), "name": sent["name"]})
                return 201, self.emojis[-1]
        return 404, {"message": "404: Not Found", "code": 0}

    def _reply(self, asked: SentCommand, sent: dict[str, Any]) -> tuple[int, Any]:
        shown = seen(asked, sent["data"])
        if self.patience is not None and shown.seconds > self.patience:
            asked.late.append(shown)
            return 404, UNKNOWN_INTERACTION
        asked.replies.append(shown)
        own = self._snowflake()
        called = {"id": "1", "type": 2, "response_message_id": own}
        return 200, {"interaction": called, "resource": {"type": 4, "message": message(own, sent["data"])}}

    def _post(self, channel: int, sent: dict[str, Any]) -> dict[str, Any]:
        key = sent.get("nonce", "")
        if sent.get("enforce_nonce") and key in self._nonces:
            return self._nonces[key]
        made = {**message(self._snowflake(), sent), "type": 0, "channel_id": str(channel), "nonce": sent.get("nonce")}
        self.posted.setdefault(channel, []).append(made)
        if sent.get("nonce"):
            self._nonces[key] = made
        return made

    def _snowflake(self) -> str:
        """Return an ID with the current time, larger than all earlier ones."""
        return str((int(time.time() * 1000) - EPOCH_MS << 22) + next(self._numbers) % (1 << 22))
