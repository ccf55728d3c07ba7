"""Settings that the bot itself stores, by name."""

from bot.store.engine import Engine


class Settings:
    """Values of the table ``setting``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def get(self, name: str) -> str | None:
        """Return the value, or None if it isn't set."""
        rows = await self._engine.read("setting", name=name)
        return str(rows[0][0]) if rows else None

    async def set(self, name: str, value: str) -> None:
        """Set the value."""
        await self._engine.write("set_setting", name=name, value=value)
