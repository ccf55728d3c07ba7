"""The state of a database, as ``waymark doctor`` reports it."""

from dataclasses import dataclass
from datetime import datetime

FAULTS = 3
"""Maximum number of listed faults and stuck deliveries."""
MOMENTS = {
    "tick": "select max(made_at) from tick",
    "member": "select max(joined_at) from member",
    "delivery": "select max(sent_at) from delivery",
}
STUCK = (
    "select kind, course, server_id, slot, attempts, reason from delivery "
    "where state = 'claimed' and reason is not null order by slot_at"
)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a database. ``faults`` lists only the first few; ``latest`` is the time of the latest entry."""

    version: int
    newest: int
    rows: int
    faults: tuple[str, ...]
    latest: datetime | None
    zones: tuple[str, ...]
    learner_zones: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    """The first few deliveries whose last attempt failed, each as text."""


def stuck_delivery(row: tuple[str, str, int, str, int, str]) -> str:
    """Return a text for a row of ``STUCK``."""
    kind, course, server, slot, attempts, reason = row
    where = f" of server {server}" if server else ""
    return f"the {kind}{where} ({course}, {slot}) after {attempts} attempts: {' '.join(reason.split())}"
