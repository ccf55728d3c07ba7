"""The product: everything that Waymark can do, as async calls. No Discord."""

from bot.store.cohorts import Cohort, Switch
from bot.store.reminder_rows import Reminding
from bot.study.digest_posting import Edition, Later, Refused
from bot.study.digests import DigestOutcome, Digests, Status
from bot.study.privacy import Kept, Privacy
from bot.study.reminder_message import Letter, Mailbox
from bot.study.reminder_settings import Wish, Wishes
from bot.study.reminders import ReminderOutcome, Reminders
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
