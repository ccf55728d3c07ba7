"""The product: everything that Waymark can do, as async calls. No Discord."""

from bot.study.privacy import Kept, Privacy
from bot.study.results import Asker, CourseProgress, Ticked
from bot.study.study import Study

__all__ = ["Asker", "CourseProgress", "Kept", "Privacy", "Study", "Ticked"]
