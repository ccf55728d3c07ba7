"""Render the courses of a server for its managers: list, course, versions, forms and results."""

from collections.abc import Sequence

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.course.server_course import CODE_LENGTH, MAX_COURSES, CourseContent
from bot.store.server_course_rows import ServerCourse, Version
from bot.views.buttons import button, option, select
from bot.views.forms import file_field, form, text_field
from bot.views.layout import FILE, Part, Row, State, duration, escape, message_view, plural, section, truncate

MAX_FILES = 10
"""Files in one upload form, a limit of Discord."""
HOSTS = 5
BACK: Row = [button("Back", "servercourses")]


def courses(found: Sequence[ServerCourse], *, enabled: bool, note: Part = "") -> ui.LayoutView:
    """The list of a server's courses."""
    if not enabled:
        text = "The operator of this bot has turned off course uploads."
    elif not found:
        text = "Upload your own course: a page of links is enough to start. Only this server and its learners see it."
    else:
        text = f"**{len(found)} of {MAX_COURSES}.** Only this server and its learners see them."
    lines = [f"- {_named(each)} · version {each.version}" for each in found]
    options = [option(truncate(f"{each.code}: {each.title}", 100), each.id) for each in found]
    return message_view(
        State.PLAIN, note, "\n".join([f"### Courses of this server\n{text}", *lines]),
        rows=[
            [select("Open a course", options, "servercourse")] if options else [],
            [
                button("Add", "courseupload", "add", style=ButtonStyle.primary) if enabled else None,
                button("Add with a code", "coursecode") if enabled else None,
                button("Template", "coursetemplate"),
                button("Back", "setup"),
            ],
        ],
    )  # fmt: skip


def course(
    found: ServerCourse, content: CourseContent, hosts: Sequence[str], *, update: bool, note: Part = ""
) -> ui.LayoutView:
    """One course, and what a manager can do with it. ``update``: the course that it was copied from is newer."""
    lines = [f"### {_named(found)}", f"**Version {found.version}** · {size(content)}", links(hosts)]
    if found.share_code:
        lines.append(f"Other servers can add it with the code `{found.share_code}`.")
    if update:
        lines.append("The course it was copied from has a new version.")
    shared = bool(found.share_code)
    return message_view(
        State.PLAIN, note, "\n".join(filter(None, lines)),
        rows=[
            [
                button("Replace", "courseupload", "replace", found.id, style=ButtonStyle.primary),
                button("Questions", "courseupload", "questions", found.id),
                button("Versions", "courseversions", found.id),
                button("Export", "courseexport", found.id),
            ],
            [
                button("Update", "courseupdate", found.id, style=ButtonStyle.primary) if update else None,
                button("Stop sharing" if shared else "Share", "courseshare", "off" if shared else "on", found.id),
                button("Remove", "courseremove", "ask", found.id),
                *BACK,
            ],
        ],
    )  # fmt: skip


def size(content: CourseContent) -> str:
    """The size of a course, as ``2 learning paths · 12 units · 55 min · 10 questions``."""
    found = content.course
    words = {node.word for node in found.nodes.values()}
    counts = [plural(sum(node.word == word for node in found.nodes.values()), word)
              for word in ("learning path", "module", "unit") if word in words]  # fmt: skip
    questions = plural(len(content.bank), "question") if content.bank else "no questions"
    return " · ".join([*counts, *([duration(found.minutes)] if found.minutes else []), questions])


def links(hosts: Sequence[str]) -> str:
    """Where the links of a course lead; empty without links."""
    if not hosts:
        return ""
    shown = ", ".join(escape(truncate(host, 60)) for host in hosts[:HOSTS])
    more = f" and {len(hosts) - HOSTS} more hosts" if len(hosts) > HOSTS else ""
    return f"Links lead to {shown}{more}."


def versions(found: ServerCourse, stored: Sequence[Version]) -> ui.LayoutView:
    """The versions of a course, newest first, and a choice of one to go back to."""
    lines = []
    for each in stored[:10]:
        who = f"<@{each.published_by}>" if each.published_by else "someone"
        what = escape(truncate(each.summary, 150))
        lines.append(f"**{each.number}** · {format_dt(each.published_at, 'd')} by {who}\n-# {what}")
    older = [each for each in stored if each.number < found.version][:25]
    options = [option(f"Version {each.number}", str(each.number), truncate(each.summary, 100)) for each in older]
    hint = "You can go back to a version for 30 days after it was replaced." if older else "There is no older version."
    return message_view(
        State.PLAIN, f"### Versions of {escape(found.code)}\n{hint}", "\n".join(lines),
        rows=[
            [select("Go back to a version", options, "courseback", found.id, found.version)] if options else [],
            [button("Back", "servercourse", found.id)],
        ],
    )  # fmt: skip


def confirm_back(found: ServerCourse, number: int) -> ui.LayoutView:
    """Ask before going back to a version."""
    return message_view(
        State.PLAIN,
        f"### Go back to version {number} of {escape(found.code)}?\n"
        "Members keep everything they've completed, also since then.",
        rows=[[
            button(f"Go back to version {number}", "coursebackyes", found.id, found.version, number,
                   style=ButtonStyle.primary),
            button("Cancel", "courseversions", found.id),
        ]],
    )  # fmt: skip


def confirm_removal(found: ServerCourse) -> ui.LayoutView:
    """Ask before a course is removed."""
    return message_view(
        State.WARNING,
        f"### Remove {_named(found)}?\nMembers can no longer study it here. They keep what they've completed, and "
        "you can bring the course back for 30 days.",
        rows=[[
            button("Remove", "courseremove", "yes", found.id, style=ButtonStyle.danger),
            button("Cancel", "servercourse", found.id),
        ]],
    )  # fmt: skip


def removed(found: ServerCourse) -> Part:
    """Say that a course was removed, with Undo."""
    return section(f"**{escape(found.code)} was removed.**", button("Undo", "courserestore", found.id))


def published(found: ServerCourse, text: str) -> Part:
    """Say that a version was published."""
    return f"✅ **{escape(found.code)} version {found.version} is published.** {text}"


def upload_form(what: str, course_id: str, title: str) -> ui.Modal:
    """Ask for files: a new course, its next version, or questions."""
    titles = {"add": "Add a course", "replace": f"Replace {title}", "questions": f"Questions for {title}"}
    hints = {
        "add": "A course file (YAML), a page of links (Markdown), or a zip with questions",
        "replace": "The new course file or page. You'll see what changes before you publish it.",
        "questions": "Question files (YAML) or sheets (CSV). They replace those of the same learning path.",
    }
    return form(
        titles[what], "courseupload", what, course_id,
        fields=[file_field("Files", "files", hint=hints[what], most=MAX_FILES)],
    )  # fmt: skip


def code_form() -> ui.Modal:
    """Ask for the code of a shared course."""
    field = text_field("Code", "code", hint="Managers of the other server find it in /setup > Courses > Share.",
                       required=True, most=CODE_LENGTH)  # fmt: skip
    return form("Add a course from another server", "coursecode", fields=[field])


def problems(found: Sequence[str], *, attached: bool) -> ui.LayoutView:
    """The first ten problems of an upload. ``attached``: all of them are in an attached file."""
    lines = [f"- {escape(truncate(problem, 250))}" for problem in found[:10]]
    more = f"\n-# The first 10 of {len(found)}. The attached file has all of them." if attached else ""
    fix = "Fix it and upload again." if len(found) == 1 else "Fix them and upload again."
    return message_view(
        State.WARNING,
        f"### {plural(len(found), 'problem')} found\n**Nothing was saved.** {fix}",
        "\n".join(lines) + more,
        rows=[BACK],
        file=PROBLEMS if attached else None,
    )


PROBLEMS = "problems.txt"
TEMPLATE = (
    "### Templates\nA course file, a question file and a question sheet, with comments. Change them, and upload them "
    "with **Add**.\n-# Several files can be uploaded together, or in a zip."
)


def attached(text: str, names: Sequence[str], *, back: Row = BACK) -> ui.LayoutView:
    """A text with attached files."""
    view = message_view(State.PLAIN, text, rows=[back])
    components = view.to_components()
    components += [{"type": FILE, "file": {"url": f"attachment://{name}"}} for name in names]
    return view


def _named(found: ServerCourse) -> str:
    return f"**{escape(found.code)}**: {escape(found.title)}"
