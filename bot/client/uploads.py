"""Files that members upload: read attachments from Discord, and check them."""

from collections.abc import Sequence
from typing import Any, cast

import discord

from bot.client.responses import UNREACHABLE, Interaction
from bot.core.course.server_course import MAX_BYTES, CourseFiles
from bot.errors import BadInput
from bot.operation.upload_check import CheckedUpload, UploadCheck


class Uploads:
    """Reads and checks uploads."""

    def __init__(self, check: UploadCheck) -> None:
        self._check = check

    async def check(self, files: Sequence[discord.Attachment], base: CourseFiles | None) -> CheckedUpload:
        """Read and check attachments. Raises ``BadInput`` for a file that is too large or can't be read."""
        content: dict[str, bytes] = {}
        for file in files:
            if file.size > MAX_BYTES:
                raise BadInput(f"{file.filename} is larger than {MAX_BYTES // 1024} KB. Split it, or upload a zip.")
            try:
                content[file.filename] = await file.read()
            except UNREACHABLE as error:
                raise BadInput(f"{file.filename} couldn't be read from Discord. Please upload it again.") from error
        if len(content) < len(files):
            raise BadInput("Two of the files have the same name. Rename one of them.")
        return await self._check.check(content, base)


def submitted_files(interaction: Interaction) -> list[discord.Attachment]:
    """Return the files that were uploaded in a form. Raises ``BadInput`` without any."""
    data = cast(dict[str, Any], interaction.data or {})
    found = data.get("resolved", {}).get("attachments", {})
    if not found:
        raise BadInput("No file was uploaded. Choose at least one.")
    state = interaction._state  # noqa: SLF001 - what discord.py itself builds attachments of forms with
    return [discord.Attachment(data=each, state=state) for each in found.values()]
