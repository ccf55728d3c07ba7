"""Persistence: one module per subject, the SQL in ``queries``, and the database engines."""

from bot.store.progress import Applied
from bot.store.store import Store

__all__ = ["Applied", "Store"]
