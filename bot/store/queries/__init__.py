"""The named SQL statements of the ``*.sql`` files in this folder, shared by both engines."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import aiosql

FOLDER = Path(__file__).parent


class Queries:
    """The statements by name, with parameters in the style of the driver."""

    def __init__(self, driver: str = "aiosqlite") -> None:
        """``driver`` is the name that ``aiosql`` gives to a driver: ``aiosqlite`` or ``psycopg``."""
        self._sql = _statements(driver)

    def __getitem__(self, name: str) -> str:
        return self._sql[name]

    def starting_with(self, prefix: str) -> list[str]:
        """Return the names that start with ``prefix``, sorted."""
        return sorted(name for name in self._sql if name.startswith(prefix))


@cache
def _statements(driver: str) -> Mapping[str, str]:
    """Return the statements by name. Reading them takes about 90 ms, so it is done once for each driver."""
    loaded = aiosql.from_path(FOLDER, driver, mandatory_parameters=False)
    names = [name for name in loaded.available_queries if "_cursor" not in name]
    return {name: str(getattr(loaded, name).sql) for name in names}
