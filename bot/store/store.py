"""The store: one object per subject, on one database."""

from pathlib import Path
from typing import Self

from bot.store.announcements import Announcements
from bot.store.cohorts import Cohorts
from bot.store.course_drafts import CourseDrafts
from bot.store.daily_answers import DailyAnswers
from bot.store.daily_questions import DailyQuestions
from bot.store.deliveries import Deliveries
from bot.store.digests import DigestMembers
from bot.store.engine import Engine, Observe, unobserved
from bot.store.engines import open_engine
from bot.store.exam_questions import ExamQuestions
from bot.store.fsrs_settings import StoredFsrsSettings
from bot.store.item_statistics import ItemStatistics
from bot.store.known import StoredKnown
from bot.store.learners import Learners
from bot.store.mistakes import Mistakes
from bot.store.mock_exams import MockExams
from bot.store.notes import StoredNotes
from bot.store.outcome_shares import OutcomeShares
from bot.store.outcomes import Outcomes
from bot.store.plans import Plans
from bot.store.privacy import StoredPrivacy
from bot.store.progress import StoredProgress
from bot.store.question_reports import QuestionReports
from bot.store.quizzes import Quizzes
from bot.store.reminders import Reminders
from bot.store.renewals import Renewals
from bot.store.retention import Retention
from bot.store.review_load import ReviewLoads
from bot.store.reviews import Reviews
from bot.store.server_courses import ServerCourses
from bot.store.servers import Servers
from bot.store.settings import Settings
from bot.store.shard_leases import ShardLeases
from bot.store.streaks import Streaks
from bot.store.versions import Versions


class Store:
    """Everything that is stored. Each method of a subject is one read, one write, or one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.announcements = Announcements(engine)
        self.cohorts = Cohorts(engine)
        self.course_drafts = CourseDrafts(engine)
        self.daily_answers = DailyAnswers(engine)
        self.daily_questions = DailyQuestions(engine)
        self.deliveries = Deliveries(engine)
        self.digests = DigestMembers(engine)
        self.exam_questions = ExamQuestions(engine)
        self.fsrs_settings = StoredFsrsSettings(engine)
        self.item_statistics = ItemStatistics(engine)
        self.known = StoredKnown(engine)
        self.learners = Learners(engine)
        self.mistakes = Mistakes(engine)
        self.mock_exams = MockExams(engine)
        self.outcome_shares = OutcomeShares(engine)
        self.outcomes = Outcomes(engine)
        self.notes = StoredNotes(engine)
        self.plans = Plans(engine)
        self.privacy = StoredPrivacy(engine)
        self.progress = StoredProgress(engine)
        self.question_reports = QuestionReports(engine)
        self.quizzes = Quizzes(engine)
        self.reminders = Reminders(engine)
        self.renewals = Renewals(engine)
        self.retention = Retention(engine)
        self.review_load = ReviewLoads(engine)
        self.reviews = Reviews(engine)
        self.server_courses = ServerCourses(engine)
        self.servers = Servers(engine)
        self.settings = Settings(engine)
        self.shard_leases = ShardLeases(engine)
        self.streaks = Streaks(engine)
        self.versions = Versions(engine)

    @classmethod
    async def open(cls, where: Path | str, observe: Observe = unobserved) -> Self:
        """Open a SQLite file (a path) or a PostgreSQL database (an address). Raises ``CannotStart``.

        ``observe`` is called with the kind and the duration in seconds of each statement or transaction.
        """
        return cls(await open_engine(where, observe))

    async def answers(self) -> None:
        """Run a query and return once the database has answered."""
        await self.settings.get("")

    async def close(self) -> None:
        """Finish operations in progress and close the database."""
        await self.engine.close()
