"""Courses that belong to a server: their versions, texts, titles and share codes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.server_course import CourseFiles
from bot.store.engine import Engine, Statements
from bot.store.server_course_rows import Change, Origin, Publication, ServerCourse, StoredFiles, Version, course_of

UPLOADS = 10
"""Maximum number of uploads of a server within ``UPLOADS_WITHIN``."""
UPLOADS_WITHIN = timedelta(hours=1)

Work = Callable[[Statements], None]


class ServerCourses:
    """Courses of servers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def since(self, number: int) -> list[Change]:
        """Return the courses that changed after the change ``number`` (0: all), in that order."""
        rows = await self._engine.read("server_courses_since", changed=number)
        return [
            Change(changed, course, version, server if removed is None else None)
            for course, server, version, changed, removed in rows
        ]

    async def of_server(self, server: int) -> list[ServerCourse]:
        """Return the courses of a server, oldest first, including those that were removed."""
        return [course_of(row) for row in await self._engine.read("server_courses_of", server=server)]

    async def all(self) -> list[ServerCourse]:
        return [course_of(row) for row in await self._engine.read("all_server_courses")]

    async def of_learner(self, learner: int) -> list[str]:
        """Return the IDs of the servers' courses that a learner studies or chose."""
        return sorted(course for (course,) in await self._engine.read("server_courses_of_learner", learner=learner))

    async def find(self, course: str) -> ServerCourse | None:
        rows = await self._engine.read("server_course", course=course)
        return course_of(rows[0]) if rows else None

    async def by_share_code(self, code: str) -> ServerCourse | None:
        rows = await self._engine.read("server_course_by_share_code", share_code=code)
        return course_of(rows[0]) if rows else None

    async def files(self, course: str, number: int = 0) -> StoredFiles | None:
        """Return the files of a version, by default of the current one."""
        rows = await self._engine.read("server_course_files", course=course, number=number)
        if not rows:
            return None
        found, text, bank, carried = rows[0]
        return StoredFiles(found, CourseFiles.stored(text, bank or ""), json.loads(carried))

    async def versions(self, course: str) -> list[Version]:
        """Return the stored versions, oldest first."""
        return [
            Version(number, from_seconds(published_at), published_by, summary, json.loads(mapping))
            for number, published_at, published_by, summary, mapping in await self._engine.read(
                "server_course_versions", course=course
            )
        ]

    async def titles(self, course: str) -> dict[str, str]:
        """Return the titles of parts that are no longer in a course, by their full ID."""
        return dict(await self._engine.read("server_course_titles", course=course))

    async def count_upload(self, server: int, now: datetime) -> bool:
        """Count an upload of a server. Return False, and count nothing, if it has reached the limit."""

        def work(statements: Statements) -> bool:
            statements.run("drop_server_course_uploads", before=seconds(now - UPLOADS_WITHIN))
            taken = {number for (number,) in statements.run("server_course_uploads", server=server)}
            free = next((number for number in range(UPLOADS) if number not in taken), None)
            if free is None:
                return False
            statements.run("add_server_course_upload", server=server, number=free, now=seconds(now))
            return True

        return await self._engine.transact(work)

    async def add(
        self, course: str, server: int, new: Publication, now: datetime, check: Callable[[list[ServerCourse]], None]
    ) -> None:
        """Add a course to a server. ``check`` gets the server's courses, and raises to refuse."""

        def work(statements: Statements) -> None:
            check([course_of(row) for row in statements.run("server_courses_of", server=server)])
            statements.run("know_server", server=server)
            statements.run(
                "add_server_course", course=course, server=server, code=new.code, title=new.title,
                changed=_next_change(statements), now=seconds(now), **_origin(new.origin),
            )  # fmt: skip
            _store(statements, course, 1, new, now)

        await self._engine.transact(work)

    async def replace(
        self, course: str, server: int, expected: int, new: Publication, now: datetime,
        check: Callable[[list[ServerCourse]], None], also: Work | None = None,
    ) -> bool:  # fmt: skip
        """Publish a new version if the current one is still ``expected``. Return whether it was.

        ``also`` runs in the same transaction.
        """

        def work(statements: Statements) -> bool:
            check([course_of(row) for row in statements.run("server_courses_of", server=server)])
            rows = statements.run(
                "change_server_course", course=course, server=server, expected=expected, code=new.code,
                title=new.title, changed=_next_change(statements),
                origin_version=new.origin.version if new.origin else None,
            )  # fmt: skip
            if not rows:
                return False
            _store(statements, course, expected + 1, new, now)
            if also:
                also(statements)
            return True

        return await self._engine.transact(work)

    async def remove(self, course: str, now: datetime) -> bool:
        """Remove a course from its server. Return whether it was there. Files and ticks stay."""
        return await self._change("remove_server_course", course=course, now=seconds(now))

    async def restore(self, course: str, server: int, check: Callable[[list[ServerCourse]], None]) -> bool:
        """Undo ``remove``. Return whether the course was removed. ``check`` gets the server's courses first."""

        def work(statements: Statements) -> bool:
            check([course_of(row) for row in statements.run("server_courses_of", server=server)])
            return bool(statements.run("restore_server_course", course=course, changed=_next_change(statements)))

        return await self._engine.transact(work)

    async def purge(self, course: str, now: datetime) -> bool:
        """Remove a course and delete its files and titles at once. Return whether it exists. Learners' ticks stay.

        Its row stays for some time, so that running processes notice.
        """

        def work(statements: Statements) -> bool:
            if not statements.run("server_course", course=course):
                return False
            statements.run("remove_server_course", course=course, now=seconds(now), changed=_next_change(statements))
            for query in ("drop_server_course_versions", "drop_server_course_titles"):
                statements.run(query, course=course)
            statements.run("drop_unused_course_texts")
            return True

        return await self._engine.transact(work)

    async def set_share_code(self, course: str, server: int, code: str) -> None:
        """Set the code with which other servers can copy a course, unless it has one."""
        await self._engine.write("set_share_code", course=course, server=server, share_code=code)

    async def end_sharing(self, course: str, server: int) -> None:
        await self._engine.write("end_sharing", course=course, server=server)

    async def _change(self, query: str, **values: object) -> bool:
        return await self._engine.transact(
            lambda statements: bool(statements.run(query, **values, changed=_next_change(statements)))
        )


def purge_courses(statements: Statements, servers: list[int], before: datetime) -> None:
    """Delete the courses of ``servers``, and delete what was replaced or removed ``before`` and nobody needs.

    Of a removed course in which someone has ticks, the last version stays: its titles tell what was completed.
    """
    for server in servers:
        statements.run("remove_courses_of_server", server=server, now=seconds(before), changed=_next_change(statements))
    statements.run("drop_old_server_course_versions", before=seconds(before))
    for (course,) in statements.run("unused_server_courses", before=seconds(before)):
        for query in ("drop_server_course_versions", "drop_server_course_titles", "drop_server_course"):
            statements.run(query, course=course)
    statements.run("drop_unused_course_texts")


def _next_change(statements: Statements) -> int:
    [(last,)] = statements.run("last_server_course_change")
    return int(last) + 1


def _store(statements: Statements, course: str, number: int, new: Publication, now: datetime) -> None:
    hashes = []
    for text in (new.files.course, new.files.bank):
        hashes.append(blake2b(text.encode(), digest_size=16).hexdigest() if text else "")
        if text:
            statements.run("add_course_text", hash=hashes[-1], text=text)
    statements.run(
        "add_server_course_version", course=course, number=number, course_hash=hashes[0], bank_hash=hashes[1],
        mapping=json.dumps(dict(new.mapping)), carried=json.dumps(dict(new.carried)), summary=new.summary,
        now=seconds(now), manager=new.manager,
    )  # fmt: skip
    for route, title in new.gone.items():
        statements.run("add_server_course_title", course=course, route=route, title=title)


def _origin(origin: Origin | None) -> dict[str, object]:
    return {"origin": origin.course if origin else None, "origin_version": origin.version if origin else None}
