"""``waymark run`` with discord.py connected to the simulated Discord server."""

import os

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.__main__ import main

ADDRESS = "LIFECYCLE_DISCORD"
"""The variable of the environment that has the address, such as ``127.0.0.1:8080``."""


def run() -> None:
    """Ends with ``SystemExit``."""
    Route.BASE = f"http://{os.environ[ADDRESS]}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://{os.environ[ADDRESS]}/gateway")
    main(["run"])


if __name__ == "__main__":
    run()
