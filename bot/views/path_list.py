"""The texts of learning paths in a list: badge, title, bar, and what is left."""

from bot.core.course.course import Path
from bot.core.course.fields import MAX_TEXT
from bot.core.course.progress import Progress
from bot.views.emojis import badge
from bot.views.layout import bar, count_of, escape, plural, remaining, resolved_length, truncate

MAX_CHARACTERS = 3500
"""Characters of all paths. The rest of a message needs less than the remainder."""


def path_texts(progress: Progress) -> list[str]:
    """Return the text of each path. With many long titles, leave out the bars, then shorten the titles."""
    texts: list[str] = []
    for bars, length in ((True, MAX_TEXT), (False, MAX_TEXT), (False, 60), (False, 25)):
        texts = [_path_text(progress, path, length, bars=bars) for path in progress.course.paths]
        if sum(resolved_length(text) + 1 for text in texts) <= MAX_CHARACTERS:
            break
    return texts


def known_status(progress: Progress, path: Path) -> str:
    """Describe a path that is covered and in part known."""
    if not progress.share(path).done:
        return "Already known"
    return f"Nothing left · {count_of(progress.known(path.modules), len(path.modules), 'module')} already known"


def _path_text(progress: Progress, path: Path, length: int, *, bars: bool) -> str:
    """Badge and title of a path, its bar and percentage, and what is left, each short enough for a line on a phone."""
    share = progress.share(path)
    head = f"{badge(path, done=share.complete, started=share.started)} **{escape(truncate(path.title, length))}**"
    count = len(path.modules)
    if share.complete:
        return "\n-# ".join([head, " · ".join(["Done", plural(count, "module")] if count else ["Done"])])
    if share.covered:
        return f"{head}\n-# {known_status(progress, path)}"
    modules = count_of(progress.covered(path.modules), count, "module") if share.started else plural(count, "module")
    facts = " · ".join([modules, remaining(share)] if count else [remaining(share)])
    if bars:
        return f"{head}\n{bar(share.percent)} {share.percent}%\n-# {facts}"
    return f"{head}\n-# {share.percent}% · {facts}"
