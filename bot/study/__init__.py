"""The product: everything that Waymark can do, as async calls. No Discord."""

from bot.store.cohorts import Cohort, Switch
from bot.study.digests import DigestOutcome, Digests, Status
from bot.study.edition import Edition, Later, Refused
from bot.study.privacy import Kept, Privacy
from bot.study.results import Asker, CourseProgress, Ticked
from bot.study.study import Study

__all__ = [
    "Asker",
    "Cohort",
    "CourseProgress",
    "DigestOutcome",
    "Digests",
    "Edition",
    "Kept",
    "Later",
    "Privacy",
    "Refused",
    "Status",
    "Study",
    "Switch",
    "Ticked",
]
