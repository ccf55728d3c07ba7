"""``waymark invite``: the link has exactly the permissions that the bot uses."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord

from bot.client.channels import INVITED_WITH, REQUIRED
from tests.operation.drill import ROOT, bot

APPLICATION = "123456789012345678"


def test_the_link_has_the_permissions_and_scopes(tmp_path: Path) -> None:
    code, said, err = bot(tmp_path, "invite", APPLICATION)
    assert (code, err) == (0, "")
    link = urlsplit(said.strip())
    assert (link.scheme, link.netloc, link.path) == ("https", "discord.com", "/oauth2/authorize")
    query = parse_qs(link.query)
    assert query["client_id"] == [APPLICATION]
    assert query["scope"] == ["bot applications.commands"]
    needed = dict.fromkeys([*REQUIRED, "send_messages_in_threads", "pin_messages", "create_public_threads"], True)
    assert int(query["permissions"][0]) == discord.Permissions(**needed).value


def test_what_is_no_application_id_is_refused(tmp_path: Path) -> None:
    for wrong in ("", "abc", "0", "-5", "https://discord.com"):
        code, said, _ = bot(tmp_path, "invite", "--", wrong)
        assert (code, said) == (2, ""), wrong


def test_the_readme_names_the_same_permissions() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(r"permissions=(\d+)", text) == [str(INVITED_WITH.value)]
