"""Convert learning paths of a publisher's catalog (JSON, as Microsoft Learn's catalog API returns it) to a course file.

The catalog lists ``learningPaths`` with the UIDs of their modules, ``modules`` with the UIDs of their units, ``units``,
and ``courses`` with a ``study_guide`` of learning paths. Each has a ``uid``, a ``title`` and ``duration_in_minutes``;
paths and modules also have a ``url`` and a ``summary`` in HTML.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process, utils

from bot.core.authoring.course_code import choose_code, codes_in, without_code
from bot.core.authoring.node import MAX_PROSE, Node, paths_of
from bot.core.authoring.page import Page
from bot.core.authoring.text import Notes, cut, slug, tidy
from bot.core.course.fields import MAX_TEXT
from bot.core.course.reading import MAX_CHECKBOXES
from bot.errors import BadInput

MAX_CATALOG = 256_000_000
"""Maximum bytes of a catalog. Microsoft's whole catalog has about 60 million."""
MAX_PATHS = 25
_TAG = re.compile(r"<[^<>]*>")
_LOCALE = re.compile(r"^/[a-z]{2,3}-[a-z]{2,4}(?=/)", re.IGNORECASE)

Item = Mapping[str, Any]


def read_catalog(text: str, name: str, picks: Sequence[str] = (), code: str = "") -> Page:
    """Return a course with the picked learning paths, or with all of them if there are at most ``MAX_PATHS``.

    A pick is the number of a course (AZ-104T00), or the UID, address or title of a learning path. ``code`` is the code
    of the course; by default, it is that of a picked course or of a title. Raises ``BadInput``, with suggestions for a
    pick that isn't in the catalog.
    """
    catalog = _Catalog(_parsed(text, name), name)
    course, paths = catalog.picked(picks)
    title = tidy(str(course.get("title") or (paths[0]["title"] if len(paths) == 1 else "")))
    named = [found for each in (title, *(str(path["title"]) for path in paths)) for found in codes_in(each)]
    code = code or choose_code("", str(course.get("course_number") or ""), title, named)
    if not code:
        raise BadInput(f"{name}: no course code is in the titles. Add one, for example `--code AZ-104`.")
    root, notes = Node(1), catalog.notes
    for path in paths:
        catalog.add_path(root, path)
    mapping: dict[str, Any] = {
        "code": code,
        "title": cut(without_code(title, code) or code, MAX_TEXT),
        "overview": cut(_plain(course.get("summary")) or f"The learning paths of {code}.", MAX_PROSE),
        "paths": paths_of(root, notes),
    }
    if number := str(course.get("course_number") or ""):
        mapping = {"code": code, "number": number, **mapping}
    return Page(name, mapping, tuple(dict.fromkeys(f"{name}: {says}" for _, says in notes)))


def _parsed(text: str, name: str) -> Item:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise BadInput(f"{name}:{line}: this isn't JSON. Download the catalog again.") from None
    if not isinstance(found, dict) or not isinstance(found.get("learningPaths"), list):
        raise BadInput(
            f"{name} isn't a catalog: it has no list `learningPaths`. Download one that has learningPaths, modules "
            "and units."
        )
    return found


class _Catalog:
    """A parsed catalog. ``notes`` lists what was left out."""

    def __init__(self, data: Item, name: str) -> None:
        self._name = name
        self.notes: Notes = []
        self._paths = [each for each in _items(data, "learningPaths") if _text(each, "uid") and _text(each, "title")]
        self._courses = _items(data, "courses")
        self._modules = {_text(each, "uid"): each for each in _items(data, "modules")}
        self._units = {_text(each, "uid"): each for each in _items(data, "units")}

    def picked(self, picks: Sequence[str]) -> tuple[Item, list[Item]]:
        """Return the picked course (empty if none was) and the picked learning paths, each once, in order."""
        if not picks:
            if not self._paths or len(self._paths) > MAX_PATHS:
                raise BadInput(
                    f"{self._name} has {len(self._paths)} learning paths, and a course takes 1 to {MAX_PATHS}. Pick "
                    "a course or learning paths with --pick, for example `--pick AZ-104T00`."
                )
            return {}, self._paths
        course: Item = {}
        found: dict[str, Item] = {}
        for pick in picks:
            if given := next((each for each in self._courses if self._is(each, pick)), None):
                course = course or given
                found |= {_text(path, "uid"): path for path in self._of_course(given)}
            elif path := next((each for each in self._paths if self._is(each, pick)), None):
                found[_text(path, "uid")] = path
            else:
                raise BadInput(self._unknown(pick))
        if not 1 <= len(found) <= MAX_PATHS:
            raise BadInput(f"{self._name}: {len(found)} learning paths were picked; a course takes 1 to {MAX_PATHS}.")
        return course, list(found.values())

    @staticmethod
    def _is(item: Item, pick: str) -> bool:
        wanted = pick.strip().casefold()
        number = _text(item, "course_number").casefold()
        names = {_text(item, "uid").casefold(), _text(item, "title").casefold(), number, number.rpartition("-")[0]}
        return wanted in names - {""} or (bool(item.get("url")) and _address(pick) == _address(item.get("url")))

    def _of_course(self, course: Item) -> Iterator[Item]:
        known = {_text(path, "uid"): path for path in self._paths}
        for entry in _items(course, "study_guide"):
            if path := known.get(_text(entry, "uid")):
                yield path
            else:
                self.notes.append((1, f"“{_text(entry, 'uid')}” was left out: it isn't a learning path of the catalog"))

    def _unknown(self, pick: str) -> str:
        names = [_text(each, "title") for each in self._paths]
        names += [number for each in self._courses if (number := _text(each, "course_number"))]
        close = process.extract(pick, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=3)
        offered = " or ".join(f"“{found}”" for found, *_ in close)
        return f"{self._name} has no course or learning path “{pick[:60]}”. Did you mean {offered}?"

    def add_path(self, root: Node, item: Item) -> None:
        """Add a learning path with its modules and units."""
        path = _node(root, item)
        path.text = _plain(item.get("summary"))
        for uid in self._known(item, "modules", self._modules):
            module = _node(path, self._modules[uid])
            module.text = _plain(self._modules[uid].get("summary"))
            for unit in self._known(self._modules[uid], "units", self._units):
                _node(module, self._units[unit])

    def _known(self, item: Item, key: str, known: Mapping[str, Item]) -> list[str]:
        listed = item.get(key)
        uids = [uid for uid in listed if isinstance(uid, str)] if isinstance(listed, list) else []
        for uid in uids:
            if uid not in known:
                self.notes.append((1, f"“{uid}” was left out: the catalog has no such {key[:-1]}"))
        found = [uid for uid in dict.fromkeys(uids) if uid in known]
        for uid in found[MAX_CHECKBOXES:]:
            self.notes.append((1, f"“{uid}” was left out: at most {MAX_CHECKBOXES} {key} are taken"))
        return found[:MAX_CHECKBOXES]


def _node(parent: Node, item: Item) -> Node:
    """Add a node below ``parent``. Its ID is the last part of its address or UID, unique among its siblings."""
    url = _address(item.get("url"))
    base = slug(url.rpartition("/")[2]) or slug(_text(item, "uid").rpartition(".")[2]) or slug(_text(item, "title"))
    base, taken = base[:90].rstrip("-_.") or "part", {child.id for child in parent.children}
    minutes = item.get("duration_in_minutes")
    new_id = next(new for n in range(1, len(taken) + 2) if (new := f"{base}-{n}" if n > 1 else base) not in taken)
    node = Node(
        1,
        id=new_id,
        full=new_id,
        title=cut(tidy(_text(item, "title")) or base, MAX_TEXT),
        url=url,
        minutes=minutes if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0 else 0,
    )
    parent.children.append(node)
    return node


def _items(data: Item, key: str) -> list[Item]:
    listed = data.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(item: Item, key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""


def _plain(html: Any) -> str:
    return tidy(unescape(_TAG.sub(" ", html))) if isinstance(html, str) else ""


def _address(url: Any) -> str:
    """Return a web address without locale, query and closing slash; empty if it isn't one."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return ""
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    path = _LOCALE.sub("", parts.path).rstrip("/")
    address = f"https://{parts.hostname}{path}".replace("(", "%28").replace(")", "%29")
    return "" if re.search(r"[\s<>]", address) or len(address) > 512 else address
