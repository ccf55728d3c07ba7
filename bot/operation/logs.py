"""Logging: one line per event, with a reference, and without tokens, names and messages.

A reference is eight hex digits for each interaction (command, button, form) and each digest. A member sees it in the
message about an internal error; every line that was logged for that interaction has it.
"""

import json
import logging
import random
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import format_exception, walk_tb
from types import TracebackType
from typing import Any

HIDDEN_TOKEN = "[token]"  # noqa: S105 - a placeholder
HIDDEN_TEXT = "[…]"
FRAMES = 8
"""Most frames of an error that are logged, innermost first."""
ERRORS = 5
"""Most causes of an error that are logged."""
SHORTEST_SECRET = 6
"""Shortest secret that is hidden: shorter texts are no tokens, and hiding them would make lines unreadable."""
_TOKENS = (
    r"((?:webhooks|interactions)/\d+/)[\w-]{20,}",
    r"((?:Bot|Bearer) )[\w.-]{20,}",
    r"aW50ZXJhY3Rpb24[\w=-]{20,}",
    r"[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}",
)
"""Patterns of tokens: in a URL of an interaction, in a header, of an interaction, of a bot."""
_NAME_FIELDS = re.compile(r"\b((?:name|global_name|nick|display_name|content|topic)=)('[^']*'|\"[^\"]*\")")
"""Names and contents in the ``repr`` of discord.py's objects."""
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


@dataclass(frozen=True, slots=True)
class _LogContext:
    """The reference and the personal texts of the current interaction or delivery."""

    reference: str
    personal: Callable[[], Iterable[str]]


# A context variable has to be global. It holds only the current interaction's reference.
_current: ContextVar[_LogContext | None] = ContextVar("waymark_trail", default=None)


@contextmanager
def log_context(personal: Callable[[], Iterable[str]] = tuple) -> Iterator[str]:
    """Give the log lines of the block a new reference, and remove the texts of ``personal`` from them.

    ``personal`` is called only when something is logged.
    """
    token = _current.set(_LogContext(_new_reference(), personal))
    try:
        yield reference()
    finally:
        _current.reset(token)


def reference() -> str:
    """Return the reference of the current block, or a new one outside of a block."""
    context = _current.get()
    return context.reference if context else _new_reference()


def _new_reference() -> str:
    # Needs to be unique, not secret. The system's entropy source would release the GIL.
    return f"{random.getrandbits(32):08x}"


def personal(payload: object, *names: str | None) -> list[str]:
    """Return the personal texts of an interaction: ``names``, typed values, and names from Discord."""
    return [name for name in names if name] + list(_personal_values(payload, resolved=False))


def _personal_values(payload: object, *, resolved: bool) -> Iterator[str]:
    if isinstance(payload, Mapping):
        for key, value in payload.items():
            known = key == "value" or (resolved and key in ("username", "global_name", "nick", "name", "topic"))
            if isinstance(value, str):
                if known:
                    yield value
            else:
                yield from _personal_values(value, resolved=resolved or key == "resolved")
    elif isinstance(payload, list):
        for item in payload:
            yield from _personal_values(item, resolved=resolved)


def set_up(level: str, format_name: str, hidden: Iterable[str]) -> None:
    """Log every event of the process, including warnings and uncaught errors, to standard error, without ``hidden``.

    ``format_name`` is ``human`` or ``json``. Libraries log at INFO or above: below it, they log what members write.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(format_name, hidden))
    logging.basicConfig(level=max(logging.INFO, logging.getLevelName(level)), handlers=[handler], force=True)
    log = logging.getLogger("waymark")
    log.setLevel(level)
    logging.captureWarnings(capture=True)
    # Otherwise a line that can't be written is printed unfiltered, with its arguments.
    logging.raiseExceptions = False

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        log.critical("stopped by an uncaught error", exc_info=(kind, error or kind(), trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value or args.exc_type()
        log.critical("a thread was stopped by an uncaught error", exc_info=(args.exc_type, error, args.exc_traceback))

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


class LineFormatter(logging.Formatter):
    """Format an event as one line: ``LEVEL time logger message key=value…``, or a JSON object."""

    def __init__(self, format_name: str, hidden: Iterable[str]) -> None:
        super().__init__()
        self._json = format_name == "json"
        exact = [
            re.escape(secret) for secret in sorted(hidden, key=len, reverse=True) if len(secret) >= SHORTEST_SECRET
        ]
        self._tokens = re.compile("|".join([*exact, *_TOKENS]))

    def format(self, record: logging.LogRecord) -> str:
        context = _current.get()
        clean = self._cleaner(context)
        message = clean(_format_message(record))
        extras = {key: _field_value(value, clean) for key, value in vars(record).items() if key not in _STANDARD_FIELDS}
        if context:
            extras = {"ref": context.reference, **extras}
        error = record.exc_info[1] if record.exc_info else None
        if error:
            extras["error"] = clean("; from ".join(_describe_error(error)))
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._json:
            if error:
                extras["traceback"] = clean("".join(format_exception(error)))
            event = {"time": moment, "level": record.levelname, "logger": record.name, "message": message}
            return self._without_tokens(json.dumps({**event, **extras, **event}))
        pairs = "".join(f" {key}={_quoted(value)}" for key, value in extras.items())
        return self._without_tokens(_escape_control(f"{record.levelname:<8} {moment} {record.name} {message}{pairs}"))

    def _without_tokens(self, text: str) -> str:
        return self._tokens.sub(lambda found: (found[found.lastindex] if found.lastindex else "") + HIDDEN_TOKEN, text)

    def _cleaner(self, context: _LogContext | None) -> Callable[[str], str]:
        """Return a function that removes tokens, and the personal texts of the current block, from a text."""
        texts = {text for text in context.personal() if len(text) > 1} if context else set()
        # Errors contain texts as repr, payloads as JSON.
        texts |= {repr(text)[1:-1] for text in texts} | {json.dumps(text)[1:-1] for text in texts}
        listed = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
        pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)") if texts else None

        def clean(text: str) -> str:
            text = _NAME_FIELDS.sub(rf"\1{HIDDEN_TEXT}", self._without_tokens(text))
            return pattern.sub(HIDDEN_TEXT, text) if pattern else text

        return clean


def _format_message(record: logging.LogRecord) -> str:
    """Return the message with its arguments. Objects of discord.py are shown as their ID only."""
    args: Any = record.args
    try:
        if isinstance(args, Mapping):
            return str(record.msg) % {key: _without_details(value) for key, value in args.items()}
        return str(record.msg) % tuple(map(_without_details, args)) if args else str(record.msg)
    except Exception:
        # A library's line with wrong arguments, or with one that can't be formatted, must not lose the event.
        return f"{record.msg!r} with {len(args)} arguments that do not fit"


def _without_details(value: Any) -> Any:
    number = getattr(value, "id", None)
    return f"{type(value).__name__} {number}" if isinstance(number, int) else value


def _field_value(value: Any, clean: Callable[[str], str]) -> Any:
    """Return a value for a key: numbers that every JSON reader keeps exactly, anything else as text."""
    kept = value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 1 << 53)
    return value if kept else clean(str(_without_details(value)))


def _quoted(value: object) -> str:
    text = str(value)
    return text if text and not re.search(r'[\s"=]', text) else json.dumps(text, ensure_ascii=False)


def _escape_control(text: str) -> str:
    """Escape line breaks and control characters."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _describe_error(error: BaseException | None) -> Iterator[str]:
    """Yield ``KeyError: 'x' at ticks.py…`` for an error, with the frames that it passed, and for each of its causes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < ERRORS:
        seen.add(id(error))
        kind = type(error)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        try:
            text = str(error)
        except Exception:
            # An error whose text can't be formatted still has a place.
            text = ""
        places = [f"{_short_path(frame.f_code.co_filename)}:{line}" for frame, line in walk_tb(error.__traceback__)]
        where = f" at {' < '.join(places[::-1][:FRAMES])}" if places else ""
        yield f"{name}: {text}{where}" if text else f"{name}{where}"
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions[:ERRORS]:
                yield from _describe_error(inner)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short_path(file: str) -> str:
    return "/".join(PurePath(file).parts[-2:])
