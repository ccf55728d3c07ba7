"""Zip archives: read uploaded ones within limits, write others. Decode texts in the encodings that people save."""

import re
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath

from bot.core.authoring.text import tidy
from bot.core.course.server_course import MAX_BYTES
from bot.errors import BrokenCourse

MAX_FILES = 60
"""Maximum number of files in an archive: a course file and question files for its learning paths."""
ZIP_SUFFIX = ".zip"
_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_ENCRYPTED = 1
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NAME = re.compile(r"[^\w.() -]+")
# Control and format characters that hide or reorder text. U+200C and U+200D are used in words and emojis.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]|(?<!^)\ufeff"
)


def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files by name, with those of archives in place of the archives.

    Hidden files and folders are left out. Raises ``BrokenCourse`` for an archive that can't be read, and for too many
    or too large files. At most 512 KB of a file are decompressed.
    """
    found: dict[str, bytes] = {}
    for name, content in files.items():
        members = _members(shown(name), content) if name.lower().endswith(ZIP_SUFFIX) else {shown(name): content}
        for each, data in members.items():
            if each in found:
                raise BrokenCourse([f"{each}: there are two files with this name; rename one of them"])
            if len(data) > MAX_BYTES:
                raise BrokenCourse([f"{each}: larger than {MAX_BYTES // 1024} KB; split it"])
            found[each] = data
    if len(found) > MAX_FILES:
        raise BrokenCourse([f"{len(found)} files; upload at most {MAX_FILES}"])
    return found


def packed(files: Mapping[str, str]) -> bytes:
    """Return texts by file name as a zip archive."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def shown(name: str) -> str:
    """Return the last part of a path as it may be shown in a message, at most 60 characters."""
    return tidy(_NAME.sub("_", PurePosixPath(name.replace("\\", "/")).name))[-60:] or "file"


def _members(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
            if len(infos) > MAX_FILES:
                raise BrokenCourse([f"{name}: {len(infos)} files; an archive may contain {MAX_FILES}"])
            members: dict[str, bytes] = {}
            for info in infos:
                each = shown(info.filename)
                if each in members:
                    raise BrokenCourse([f"{name}: two files are named {each}; rename one of them"])
                members[each] = _content(archive, info, each)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise BrokenCourse([f"{name}: not a readable zip archive; create it again"]) from error
    if not members:
        raise BrokenCourse([f"{name}: the archive is empty; put the course file and question files into it"])
    return members


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise BrokenCourse([f"{name}: protected with a password; create the archive without one"])
    if info.compress_type not in _METHODS:
        raise BrokenCourse([f"{name}: compressed in an unusual way; create the archive with your system's own tool"])
    if name.lower().endswith(ZIP_SUFFIX):
        raise BrokenCourse([f"{name}: an archive within an archive; put its files into the outer one"])
    with archive.open(info) as opened:
        return opened.read(MAX_BYTES + 1)


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def text_of(content: bytes, name: str) -> str:
    """Decode a file: UTF-8, or UTF-16 with a byte order mark. Raises ``BrokenCourse`` with the line of the fault.

    Characters that can't be seen are faults, because they could hide or reorder text.
    """
    encoding = next((each for mark, each in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenCourse([f"{name}:{line}: not UTF-8 text; save the file as UTF-8"]) from error
    if found := _INVISIBLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise BrokenCourse([f"{name}:{line}: an invisible character (U+{ord(found[0]):04X}); delete it"])
    return text
