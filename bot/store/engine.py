"""The interface of a database engine. Each engine is a package: ``sqlite``, ``postgres``."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from bot.store.queries import Queries

T = TypeVar("T")
Observe = Callable[[str, float], None]
"""Called with ``read``, ``write`` or ``transaction`` and its duration in seconds, including the wait for its turn."""
BUSY_MS = 2000
"""How long a statement waits for other processes, in milliseconds. Discord expects a response within 3 seconds."""
BUSY = "The progress book is busy right now; nothing was changed. Please try again."
UNCERTAIN = (
    "The database went away while I was saving, so I can't tell whether it worked. Look with `/progress` in a minute, "
    "and repeat it only if it is missing."
)
UNSAVABLE = "I can't save anything right now, so nothing was changed. The operator of this bot has to look at it."


def unobserved(_: str, __: float) -> None:
    """Do nothing."""


class Statements(Protocol):
    """The statements of one transaction. Exists only while the ``work`` of ``transact`` runs."""

    def run(self, query: str, /, **values: Any) -> list[Any]:
        """Run a named statement and return its rows."""


class Engine(Protocol):
    """A database. Each method raises ``Busy`` if the database is locked or unavailable for too long."""

    queries: Queries

    async def read(self, query: str, /, **values: Any) -> list[Any]:
        """Return the rows of a named query, as of the last commit."""

    async def read_together(self, queries: Sequence[str], /, **values: Any) -> list[list[Any]]:
        """Return the rows of several named queries, all from one snapshot."""

    async def write(self, query: str, /, **values: Any) -> list[Any]:
        """Run a named statement and return the rows of its ``returning`` clause. It is durable when this returns."""

    async def transact(self, work: Callable[[Statements], T]) -> T:
        """Run all statements of ``work`` or none. They are durable when this returns.

        ``work`` runs in another thread, and may run again after a conflict. It must have no side effects except its
        statements.
        """

    async def close(self) -> None:
        """Wait for operations in progress, and close all connections."""
