"""Interim: being written."""

from collections.abc import Mapping
from io import BytesIO

from PIL import Image

from bot.core.digest import Digest


class Painter:
    def draw(self, digest: Digest, names: Mapping[int, str]) -> bytes:
        out = BytesIO()
        Image.new("RGB", (600, 100), "white").save(out, "PNG")
        return out.getvalue()


def alt_text(digest: Digest, names: Mapping[int, str]) -> str:
    return digest.course.code
