"""Reports of questions: why a learner reports one, and how often they may."""

from datetime import timedelta
from enum import StrEnum

MAX_COMMENT, MAX_BECAUSE = 300, 200
"""Maximum length of a learner's comment, and of the operator's reason."""
PROMPT_START = 80
"""Characters of the prompt that identify the question in lists and messages."""
PER_DAY, DAY = 5, timedelta(hours=24)
"""How many reports of a learner are accepted in this time."""


class Reason(StrEnum):
    """Why a question is reported."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    OTHER = "other"


def beginning(prompt: str) -> str:
    """Return the start of a prompt, on one line and at most ``PROMPT_START`` characters long."""
    line = " ".join(prompt.split())
    return line if len(line) <= PROMPT_START else f"{line[: PROMPT_START - 1].rstrip()}…"
