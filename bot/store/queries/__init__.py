"""The named SQL statements of ``*.sql`` in this folder, which both engines share."""

from pathlib import Path

import aiosql

FOLDER = Path(__file__).parent


class Queries:
    """The statements by name, with parameters in the style of a driver.

    A file of the same kind in ``variants`` replaces statements that one engine needs in other words.
    """

    def __init__(self, driver: str = "aiosqlite", variants: Path | None = None) -> None:
        """``driver`` is the name that ``aiosql`` gives to a driver."""
        self._sql: dict[str, str] = {}
        for folder in filter(None, (FOLDER, variants)):
            loaded = aiosql.from_path(folder, driver, mandatory_parameters=False)
            names = [name for name in loaded.available_queries if "_cursor" not in name]
            self._sql |= {name: str(getattr(loaded, name).sql) for name in names}

    def __getitem__(self, name: str) -> str:
        return self._sql[name]

    def starting_with(self, prefix: str) -> list[str]:
        """Return the names that start with ``prefix``, sorted."""
        return sorted(name for name in self._sql if name.startswith(prefix))
