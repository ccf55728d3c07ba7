"""Discord on a local port, in a process of its own: enough of its gateway and REST for the unmodified discord.py.

Left out against the real one: TLS, rate limits and the distance. ``python -m tests.bench.loopback`` prints its port,
then reads a line of JSON for each batch of commands, hands them to the bot one after the other, each when the one
before was answered, and prints a line when all are. So what drives the bot costs the bot's process nothing.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import zstandard
from aiohttp import web
from discord.http import Route

from bot.__main__ import _fast_loop
from tests.bench.payloads import APPLICATION, BOT_USER, command, message, server

BASE_VARIABLE = "BENCH_DISCORD"


class Loopback:
    """The other side, as the bot's process sees it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.address = f"http://127.0.0.1:{port}/api/v10"

    async def run(self, learner: int, times: int, name: str, options: dict[str, str]) -> None:
        """Let ``times`` learners, ``learner`` and those after it, give a command in turn; returns after the last."""
        assert self._process.stdin
        assert self._process.stdout
        batch = {"learner": learner, "times": times, "name": name, "options": options}
        self._process.stdin.write(json.dumps(batch).encode() + b"\n")
        await self._process.stdout.readline()


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    """A simulated Discord that lives as long as the block."""
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name, **pipes)
    try:
        assert process.stdout
        yield Loopback(process, int(await process.stdout.readline()))
    finally:
        process.terminate()
        await process.wait()


def point_at(address: str) -> None:
    """Let discord.py's requests in this process go to ``address``; the gateway's address comes from there."""
    Route.BASE = address


class Server:
    """The simulated Discord itself."""

    def __init__(self) -> None:
        self._ids = count(10**18)
        self._numbers = count(1)
        self._gateway = ""
        self._answered = asyncio.Event()
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

    async def run(self, batch: dict[str, Any]) -> None:
        for learner in range(batch["learner"], batch["learner"] + batch["times"]):
            self._answered.clear()
            made = command(next(self._numbers), learner, batch["name"], batch["options"])
            await self._tell("INTERACTION_CREATE", made)
            await self._answered.wait()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/gateway":
            return await self._serve_gateway(request)
        sent = json.loads(await request.read() or "null")
        body = json.dumps(self._answer(request.path, sent, str(next(self._ids)))).encode()
        if request.path.endswith("/callback"):
            self._answered.set()
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
            return [{"id": str(7000 + number), **told, **each} for number, each in enumerate(sent)]
        if "/webhooks/" in path:
            return message(own, sent)
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
                    known = {"id": server(0)["id"], "unavailable": True}
                    await self._tell("READY", {"v": 10, "user": BOT_USER, "guilds": [known], "session_id": "bench",
                                               "resume_gateway_url": self._gateway, "shard": [0, 1],
                                               "application": {"id": APPLICATION["id"], "flags": 0}})  # fmt: skip
                    await self._tell("GUILD_CREATE", server(0))
        return self._shard

    async def _tell(self, event: str, payload: dict[str, Any]) -> None:
        await self._send({"op": 0, "d": payload, "s": 1, "t": event})

    async def _send(self, payload: dict[str, Any]) -> None:
        """One message in the compressed stream that discord.py asks for."""
        assert self._shard
        data = self._stream.compress(json.dumps(payload).encode())
        await self._shard.send_bytes(data + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))


async def _serve() -> None:
    """Until standard input ends."""
    there = Server()
    _say(await there.start())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await there.run(json.loads(line))
        _say("done")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_fast_loop) as serving:
        serving.run(_serve())
