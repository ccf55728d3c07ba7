"""Discord on a local port, in a process of its own: enough of its gateway and REST for the unmodified discord.py.

Left out against the real one: TLS, rate limits and the distance. ``python -m tests.bench.loopback`` prints its port,
then reads a line of JSON for each ``tests.bench.traffic.Batch`` of commands, hands them to the bot as the batch says,
and prints a line of JSON with what it saw. So what drives the bot costs the bot's process nothing.
"""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import count
from typing import Any

import orjson
import zstandard
from aiohttp import web
from discord.http import Route

from bot.operation.host import fast_loop
from tests.bench.payloads import APPLICATION, BOT_USER, message, server
from tests.bench.traffic import Batch, Seen, Traffic

BASE_VARIABLE = "BENCH_DISCORD"
LONGEST_LINE = 2**24
EPOCH_MS = 1_420_070_400_000
"""Where Discord's ids begin to count milliseconds."""


class Loopback:
    """The simulated Discord, as the bot's process sees it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.address = f"http://127.0.0.1:{port}/api/v10"

    async def run(self, batch: Batch) -> Seen:
        """Let members give the commands of a batch; returns what was seen of them when it is over."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(batch.told()).encode() + b"\n")
        return Seen(**json.loads(await self._process.stdout.readline()))


@asynccontextmanager
async def loopback(servers: int = 1) -> AsyncIterator[Loopback]:
    """Run a simulated Discord during the block; the bot is in this number of servers."""
    pipes: dict[str, Any] = {"stdin": PIPE, "stdout": PIPE, "limit": LONGEST_LINE}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name, str(servers), **pipes)
    try:
        assert process.stdout
        yield Loopback(process, int(await process.stdout.readline()))
    finally:
        process.terminate()
        await process.wait()


def point_at(address: str) -> None:
    """Make discord.py in this process send its requests to ``address``."""
    Route.BASE = address


class Server:
    """The simulated Discord itself."""

    def __init__(self, servers: int = 1) -> None:
        self.arrived: dict[str, asyncio.Future[tuple[float, Any]]] = {}
        self._servers = servers
        self._numbers = count(1)
        self._gateway = ""
        self._emojis: list[dict[str, Any]] = []
        self.fed = asyncio.Event()
        """The bot has been told of all its servers."""
        self._shard: web.WebSocketResponse | None = None
        self._stream: Any = None

    async def start(self) -> int:
        """Open the port and return it."""
        runner = web.ServerRunner(web.Server(self._handle))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port: int = runner.addresses[0][1]
        self._gateway = f"ws://127.0.0.1:{port}/gateway"
        return port

    def snowflake(self) -> int:
        """Return an ID that contains the current time."""
        return (time.time_ns() // 1_000_000 - EPOCH_MS << 22) + next(self._numbers) % 2**22

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/gateway":
            return await self._serve_gateway(request)
        sent = await _sent(request)
        path = request.path
        if path.endswith("/callback") and (waiting := self.arrived.pop(path.split("/")[-3], None)):
            waiting.set_result((time.perf_counter(), sent))
        if path.endswith("/callback") and "with_response" not in request.query_string:
            return web.Response(status=204)
        body = orjson.dumps(self._answer(path, sent, str(self.snowflake())))
        return web.Response(body=body, content_type="application/json")

    def _answer(self, path: str, sent: Any, own: str) -> Any:
        """What Discord sends back; ``own`` is the id of a message that comes into being."""
        if path.endswith("/callback"):
            called: dict[str, Any] = {"interaction": {"id": "1", "type": 2, "response_message_id": own}}
            if sent["type"] == 4:
                called["resource"] = {"type": 4, "message": message(own, sent["data"])}
            return called
        if path.endswith("/commands"):
            told = {"application_id": BOT_USER["id"], "version": "1", "default_member_permissions": None}
            return [{"id": str(7000 + number), **told, **each} for number, each in enumerate(sent or ())]
        if "/webhooks/" in path or "/messages" in path:
            return message(own, sent)
        if path.endswith("/emojis"):
            if sent is None:
                return {"items": self._emojis}
            self._emojis.append({"id": own, "name": sent["name"], "animated": False, "available": True})
            return self._emojis[-1]
        if path.endswith("/gateway/bot"):
            starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return {"url": self._gateway, "shards": 1, "session_start_limit": starts}
        return BOT_USER if path.endswith("/users/@me") else APPLICATION

    async def _serve_gateway(self, request: web.BaseRequest) -> web.WebSocketResponse:
        self._shard = web.WebSocketResponse()
        self._stream = zstandard.ZstdCompressor().compressobj()
        await self._shard.prepare(request)
        await self._send({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for said in self._shard:
            match json.loads(said.data)["op"]:
                case 1:
                    await self._send({"op": 11})
                case 2:
                    known = [{"id": server(number)["id"], "unavailable": True} for number in range(self._servers)]
                    await self._tell("READY", {"v": 10, "user": BOT_USER, "guilds": known, "session_id": "bench",
                                               "resume_gateway_url": self._gateway, "shard": [0, 1],
                                               "application": {"id": APPLICATION["id"], "flags": 0}})  # fmt: skip
                    for number in range(self._servers):
                        await self._tell("GUILD_CREATE", server(number))
                    self.fed.set()
        return self._shard

    async def _tell(self, event: str, payload: dict[str, Any]) -> None:
        await self._send({"op": 0, "d": payload, "s": 1, "t": event})

    async def _send(self, payload: dict[str, Any]) -> None:
        """One message in the compressed stream that discord.py asks for."""
        assert self._shard
        data = self._stream.compress(orjson.dumps(payload))
        await self._shard.send_bytes(data + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))


async def _sent(request: web.BaseRequest) -> Any:
    """Return the JSON of a request, also from a multipart request."""
    if not request.content_type.startswith("multipart/"):
        return orjson.loads(await request.read() or b"null")
    form = await request.post()
    return orjson.loads(str(form["payload_json"]))


async def _serve() -> None:
    """Run until standard input ends."""
    there = Server(int(sys.argv[1]))
    traffic = Traffic(there)
    _say(await there.start())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await there.fed.wait()
        _say(json.dumps(asdict(await traffic.run(Batch.read(json.loads(line))))))


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=fast_loop) as serving:
        serving.run(_serve())
