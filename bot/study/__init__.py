"""The product: everything that Waymark can do, as async calls. No Discord."""

from bot.store.book import Reminding
from bot.store.cohorts import Cohort, Switch
from bot.study.digests import DigestOutcome, Digests, Status
from bot.study.edition import Edition, Later, Refused
from bot.study.letter import Letter, Mailbox
from bot.study.privacy import Kept, Privacy
from bot.study.reminders import ReminderOutcome, Reminders
from bot.study.results import Asker, CourseProgress, Ticked
from bot.study.study import Study
from bot.study.wishes import Wish, Wishes

__all__ = [
    "Asker",
    "Cohort",
    "CourseProgress",
    "DigestOutcome",
    "Digests",
    "Edition",
    "Kept",
    "Later",
    "Letter",
    "Mailbox",
    "Privacy",
    "Refused",
    "ReminderOutcome",
    "Reminders",
    "Reminding",
    "Status",
    "Study",
    "Switch",
    "Ticked",
    "Wish",
    "Wishes",
]
