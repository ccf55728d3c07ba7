"""The product API: everything that Waymark can do, as async calls. Imports no Discord code."""

from bot.study.privacy import Kept, Privacy
from bot.study.results import Asker, CourseProgress, Ticked
from bot.study.study import Study

__all__ = ["Asker", "CourseProgress", "Kept", "Privacy", "Study", "Ticked"]
