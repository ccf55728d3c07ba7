"""All SQL, and the only place that knows SQLite."""

from bot.store.sqlite.database import Database
from bot.store.store import Applied, Store

__all__ = ["Applied", "Database", "Store"]
