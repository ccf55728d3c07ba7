"""Connections to PostgreSQL: settings, types, and what its errors mean."""

import logging
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool

from bot.errors import BadSettings, StudyError, UnusableDatabase, one_line
from bot.store.engine import BUSY_MS

POOL_SIZE = 8
"""Connections of one process. Each has a thread while it works; more would only wait for the same disk."""
CONNECT_SECONDS = 5
OLDEST = 140000
"""PostgreSQL 14, the first version with everything that the queries need."""
WRONG_LOGIN = ("28P01", "28000", "3D000")
"""Error codes for a wrong password, a user who may not connect, and a missing database: nothing to wait for."""
SIGNS_OF_WRONG_LOGIN = ("authentication failed", "does not exist", "no password supplied", "no pg_hba.conf entry")
"""Parts of its messages: while it connects, the library passes on no code."""
RETRIED = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
"""The transaction had no effect, and can run again at once."""
UNAVAILABLE = (
    psycopg.errors.AdminShutdown,
    psycopg.errors.CrashShutdown,
    psycopg.errors.CannotConnectNow,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.TooManyConnections,
    psycopg.errors.IdleInTransactionSessionTimeout,
)
"""The server restarts, or this connection leads to a standby: another connection may work soon."""
UNWRITABLE = (
    psycopg.errors.DiskFull,
    psycopg.errors.IoError,
    psycopg.errors.InsufficientPrivilege,
)
SLOW = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)

logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # a warning for each attempt to connect during an outage


class _BooleanAsInteger(Loader):
    """Load booleans as 0 and 1, as SQLite returns them."""

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


class _NumericAsNumber(Loader):
    """Load ``numeric``, the type of sums, as an int or a float."""

    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text or "N" in text else int(text)


def configure(connection: psycopg.Connection[Any]) -> None:
    """Make a connection behave as SQLite does: values have the same types."""
    connection.autocommit = True
    connection.prepare_threshold = 3
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_loader("bool", _BooleanAsInteger)
    connection.adapters.register_loader("numeric", _NumericAsNumber)


def pool_of(url: str) -> ConnectionPool[psycopg.Connection[Any]]:
    """Create the pool of a process, closed. Statements end after ``BUSY_MS``; a lost server is noticed in seconds."""
    return ConnectionPool(
        url,
        kwargs={
            "options": f"-c statement_timeout={BUSY_MS} -c lock_timeout={BUSY_MS} "
            f"-c idle_in_transaction_session_timeout={4 * BUSY_MS} -c timezone=UTC",
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "waymark",
            "target_session_attrs": "read-write",
            "keepalives_idle": 10,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 1000 * CONNECT_SECONDS,
        },
        min_size=1,
        max_size=POOL_SIZE,
        timeout=BUSY_MS / 1000,
        reconnect_timeout=2.0,
        configure=configure,
        open=False,
        name="waymark",
    )


def refused(error: psycopg.Error, url: str) -> StudyError:
    """Return the sentence for a database that can't be opened. It doesn't contain the password."""
    said = one_line((error.diag.message_primary or str(error).strip() or type(error).__name__).splitlines()[-1])
    where = name_of(url)
    connecting = error.sqlstate is None
    if error.sqlstate in WRONG_LOGIN or (connecting and any(sign in said for sign in SIGNS_OF_WRONG_LOGIN)):
        return BadSettings([f"DATABASE_URL: {where} refuses the login: {said}"])
    return UnusableDatabase(f"The database {where} can't be used: {said.rstrip('.')}. Check DATABASE_URL.")


def name_of(url: str) -> str:
    """Return where a database is, without user and password. Raises ``BadSettings`` for what isn't an address."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # The library's message contains the password.
        raise BadSettings(["DATABASE_URL: not an address such as postgresql://user:password@host/waymark"]) from None
    return f"{parts.get('dbname', '')} at {parts.get('host', 'localhost')}"
