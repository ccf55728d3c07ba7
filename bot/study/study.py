"""``Study``: the product API, for commands, buttons, deliveries, the demo and tests. One object for each subject."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from bot.core.calendar.zones import Zones
from bot.core.course.catalogue import Catalogue, Match, shown
from bot.core.course.course import Course, Node
from bot.errors import NotFound
from bot.store import Store
from bot.study.announcements import Announcements
from bot.study.course_drafts import CourseDrafts
from bot.study.course_scope import CourseScope
from bot.study.course_sharing import CourseSharing
from bot.study.daily_question_delivery import DailyQuestionKind
from bot.study.daily_question_setup import DailyQuestionSetup
from bot.study.daily_questions import DailyQuestions
from bot.study.days_off import DaysOff
from bot.study.delivery import DeliveryEngine, Observe, unobserved
from bot.study.delivery_kind import Kind
from bot.study.digests import Digests
from bot.study.drills import Drills
from bot.study.exam_questions import ExamQuestionKind
from bot.study.home import Homes
from bot.study.item_statistics import ItemStatistics
from bot.study.known import Known
from bot.study.learners import Learners
from bot.study.mock_exams import MockExams
from bot.study.notes import Notes
from bot.study.outcome_sharing import OutcomeSharing
from bot.study.outcomes import ExamOutcomes
from bot.study.parameter_fitting import ParameterFitting
from bot.study.plans import Plans
from bot.study.privacy import Privacy
from bot.study.progress import LearnerProgress
from bot.study.question_reports import QuestionReports
from bot.study.quizzes import Quizzes
from bot.study.readiness import LearnerReadiness
from bot.study.reminder_settings import ReminderSettings
from bot.study.reminders import ReminderKind
from bot.study.renewals import RenewalKind
from bot.study.results import Asker
from bot.study.retention import RetentionKind
from bot.study.review_settings import LearnerReviewSettings
from bot.study.reviews import Reviews
from bot.study.server_courses import ServerCourses
from bot.study.servers import Servers
from bot.study.setup import Setup
from bot.study.setup_undo import SetupUndo

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time in UTC, aware."""
    return datetime.now(UTC)


class Study:
    """The product API. Time enters only here, as ``now``."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        *,
        now: Clock = utc_now,
        observe: Observe = unobserved,
        retention_months: int = 0,
        server_courses: bool = True,
        optimizer: Sequence[str] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.now = now
        self._store = store
        self.scope = CourseScope(store, catalogue, now=now)
        self.server_courses = ServerCourses(store, catalogue, self.scope, now=now, enabled=server_courses)
        self.course_drafts = CourseDrafts(store, self.server_courses, now=now)
        self.course_sharing = CourseSharing(store, self.server_courses)
        self.privacy = Privacy(store, catalogue, self.scope, now=now, retention_months=retention_months)
        zones = Zones()
        self.learners = Learners(store, zones, now=now)
        self.progress = LearnerProgress(store, catalogue, self.scope, self.learners, now=now)
        self.known = Known(store, catalogue, now=now)
        self.notes = Notes(store, catalogue, now=now)
        self.plans = Plans(store, catalogue, self.learners, now=now)
        self.days_off = DaysOff(store, self.learners, self.plans, now=now)
        self.announcements = Announcements(store, catalogue, self.scope, self.progress, now=now)
        fitting = ParameterFitting(optimizer) if optimizer else None
        self.review_settings = LearnerReviewSettings(store, fitting, now=now)
        self.reviews = Reviews(store, catalogue, self.review_settings, now=now)
        self.readiness = LearnerReadiness(catalogue, self.progress, self.reviews)
        self.drills = Drills(store, catalogue, now=now)
        self.outcomes = ExamOutcomes(store, catalogue, self.learners, self.plans, self.readiness, now=now)
        self.outcome_sharing = OutcomeSharing(store, now=now)
        self.homes = Homes(store, self.learners, self.plans, self.reviews, self.drills, self.notes, self.scope, now=now)
        self.item_statistics = ItemStatistics(store)
        self.question_reports = QuestionReports(store, catalogue, now=now)
        self.mock_exams = MockExams(store, catalogue, self.item_statistics, now=now)
        self.servers = Servers(store, now=now)
        self.deliveries = DeliveryEngine(store, now=now, observe=observe)
        self.daily_questions = DailyQuestions(store, catalogue, now=now)
        self.daily_question_setup = DailyQuestionSetup(store, catalogue, self.servers, now=now)
        self.digests = Digests(store, catalogue, self.deliveries, self.daily_questions, self.scope, now=now)
        self.setup = Setup(store, catalogue, self.servers, self.digests)
        self.setup_undo = SetupUndo(store, catalogue, self.servers, self.digests)
        self.reminders = ReminderKind(store, catalogue, self.plans, self.days_off, self.reviews, now=now)
        self.reminder_settings = ReminderSettings(store, self.reminders, self.days_off, now=now)
        self.retention = RetentionKind(store, retention_months, now=now)
        self.exam_questions = ExamQuestionKind(store, catalogue, now=now)
        self.renewals = RenewalKind(store, catalogue, now=now)
        self.kinds: tuple[Kind[Any], ...] = (
            self.digests.kind, self.digests.now_kind, self.reminders, self.retention, self.exam_questions,
            self.renewals,
            DailyQuestionKind(
                store, catalogue, self.servers, self.daily_questions, self.item_statistics, now=now
            ),
        )  # fmt: skip
        self.quizzes = Quizzes(store, catalogue, now=now)

    @classmethod
    async def open(
        cls,
        store: Store,
        catalogue: Catalogue,
        *,
        now: Clock = utc_now,
        observe: Observe = unobserved,
        retention_months: int = 0,
        server_courses: bool = True,
        optimizer: Sequence[str] | None = None,
    ) -> Self:
        """Build a ``Study`` and read from the store what it keeps in memory.

        ``observe`` is called with the outcome of each delivery. Learners who don't use the bot for
        ``retention_months`` are deleted; 0 keeps them. ``server_courses``: whether managers may upload courses.
        ``optimizer`` is the program that computes FSRS parameters; None offers none.
        """
        study = cls(
            store, catalogue, now=now, observe=observe, retention_months=retention_months,
            server_courses=server_courses, optimizer=optimizer,
        )  # fmt: skip
        await study.scope.check()
        await study.servers.load()
        study.reminders.news = await store.reminders.news()
        await study.retention.start()
        for kind in (study.exam_questions, study.renewals):
            await kind.find_news()
        return study

    def course(self, server: int | None, named: str | None = None) -> Course:
        """Return the named course, otherwise the server's, otherwise the default. Raises ``NotFound``."""
        if named:
            return self.catalogue.course(named)
        chosen = self.servers.course(server or 0)
        return self.catalogue.courses.get(chosen or "", self.catalogue.default)

    async def course_for(self, asker: Asker, named: str | None = None) -> Course:
        """Return the named course, otherwise the server's; outside of servers the learner's own choice or the default.

        Raises ``NotFound``.
        """
        if not named and (asker.server is None or self.servers.course(asker.server) is None):
            named = await self._store.learners.course(asker.learner)
            if named not in self.catalogue.courses:
                named = None
        return self.course(asker.server, named)

    def find(self, text: str, course: Course, *, only: bool) -> Match:
        """Return the path, module or unit that a text means, or those that it can mean.

        It is looked for in ``course``, then, unless ``only`` this one is meant, in all others. Raises ``NotFound`` if
        nothing fits.
        """
        others = [] if only else [other for other in self.catalogue.courses.values() if other is not course]
        match = self.catalogue.match(text, [course, *others])
        if match.node is None and not match.hits:
            where = f" in {course.code}" if only else ""
            raise NotFound(f"No results for “{shown(text)}”{where}. Try a single word, such as “backup”.")
        return match

    def course_of(self, node: Node) -> Course:
        """Return the course that a node belongs to."""
        return self.catalogue.courses[node.course]
