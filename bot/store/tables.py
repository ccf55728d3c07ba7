"""Copy all tables of one database into another, of the same engine or a different one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

NOT_COPIED = frozenset({"shard_lease"})
"""Leases say which process serves a shard now, so they aren't copied."""
BATCH = 2000
"""Number of rows in memory at once."""

Between = Callable[[], None]
"""Called after each batch. It may wait, or raise to abort."""


class TableSource(Protocol):
    """One moment of a database."""

    @property
    def version(self) -> int:
        """The version of the schema."""

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """The names of the columns of each table."""

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
        """Yield the rows of a table in batches."""


class TableTarget(TableSource, Protocol):
    """A database inside a transaction with exclusive write access."""

    def clear(self, table: str) -> None:
        """Delete all rows of a table."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The number of rows of a table, and a checksum that doesn't depend on their order."""

    rows: int = 0
    checksum: int = 0

    def plus(self, rows: Sequence[Sequence[Any]]) -> "Sum":
        """Return the sum with more rows."""
        digests = (blake2b(repr(tuple(row)).encode(), digest_size=16).digest() for row in rows)
        checksum = sum(int.from_bytes(digest) for digest in digests)
        return Sum(self.rows + len(rows), (self.checksum + checksum) % 2**128)


def copied_tables(source: TableSource) -> dict[str, Sequence[str]]:
    """Return the tables to copy, with their columns in alphabetical order."""
    return {table: sorted(columns) for table, columns in sorted(source.columns.items()) if table not in NOT_COPIED}


def copy_tables(source: TableSource, target: TableTarget, between: Between) -> dict[str, Sum]:
    """Insert every row of ``source`` into ``target``. Return the sums of the copied rows by table."""
    copied = {}
    for table, columns in copied_tables(source).items():
        total = Sum()
        for rows in source.rows(table, columns):
            target.insert(table, columns, rows)
            total = total.plus(rows)
            between()
        copied[table] = total
    return copied


def sums_of(source: TableSource, between: Between) -> dict[str, Sum]:
    """Return the sums of all rows by table."""
    sums = {}
    for table, columns in copied_tables(source).items():
        total = Sum()
        for rows in source.rows(table, columns):
            total = total.plus(rows)
            between()
        sums[table] = total
    return sums
