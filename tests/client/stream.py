"""A gateway connection with the compression that the client requested."""

import json
import zlib
from typing import Any

import zstandard
from aiohttp import web


class Stream:
    """A connection with one continuous zstd or zlib stream, or plain text."""

    def __init__(self, compress: str | None) -> None:
        self.socket = web.WebSocketResponse()
        self._flush = 0
        self._packer: Any = None
        match compress:
            case "zstd-stream":
                self._packer, self._flush = (
                    zstandard.ZstdCompressor().compressobj(),
                    zstandard.COMPRESSOBJ_FLUSH_BLOCK,
                )
            case "zlib-stream":
                self._packer, self._flush = zlib.compressobj(), zlib.Z_SYNC_FLUSH

    async def send(self, payload: dict[str, Any]) -> None:
        text = json.dumps(payload)
        if self._packer is None:
            await self.socket.send_str(text)
        else:
            packed: bytes = self._packer.compress(text.encode())
            await self.socket.send_bytes(packed + self._packer.flush(self._flush))

    async def drop(self, code: int | None) -> None:
        """Close with a code, or abort; the client then sees code 1006."""
        if code is not None:
            await self.socket.close(code=code, drain=True)
        elif self.socket._req and self.socket._req.transport:
            self.socket._req.transport.abort()
