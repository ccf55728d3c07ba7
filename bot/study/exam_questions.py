"""Ask learners on the morning after their exam how it went, as a kind of delivery."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.outcome import ask_at, latest_exam
from bot.store import Store
from bot.store.deliveries import DueSlot, Key
from bot.store.exam_questions import OUTCOME, ExamQuestion, key_of
from bot.store.exam_questions import ExamQuestions as StoredQuestions
from bot.study.delivery_kind import NO_COURSE, Destination, Marker, Messenger, Pending, Refused


@dataclass(frozen=True, slots=True)
class OutcomeQuestion:
    """The question how an exam went."""

    marker: Marker
    course: Course
    exam: date
    late_since: datetime | None = None


class ExamQuestionKind:
    """One question per exam date: by direct message to learners with reminders, to others at their next command."""

    name = OUTCOME
    late_limit = timedelta(days=3)
    too_late = "it was more than 3 days late"
    kept: timedelta | None = None

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._rows = store.exam_questions
        self._deliveries = store.deliveries
        self._catalogue = catalogue
        self._now = now
        self.news: set[int] = set()
        """Learners to ask at their next command. Set by ``look_after``."""

    @property
    def schedules(self) -> StoredQuestions:
        return self._rows

    async def due(self, now: datetime, most: int) -> list[Key]:
        found = await self._rows.due(latest_exam(now), now, most)
        return [key_of(learner, course) for learner, course, exam, zone in found if _is_due(exam, zone, now)]

    async def pending(self, key: Key, now: datetime) -> Pending[ExamQuestion] | None:
        question = await self._rows.one(key.learner, key.series, now)
        if question is None or question.channel is None or question.by_command:
            return None
        if not _is_due(question.exam, question.zone, now):
            return None
        slot = DueSlot(question.exam.isoformat(), ask_at(question.exam, zone_named(question.zone)))
        opened = await self._deliveries.open(key)
        if opened is None and slot.name in await self._deliveries.ended(key, slot.at - timedelta(days=2)):
            return None
        to = Destination(question.channel)
        return Pending(question, key, question.course, to, () if opened else (slot,), opened)

    async def obstacle(self, pending: Pending[ExamQuestion], slot: DueSlot) -> str:
        return "" if pending.course in self._catalogue.courses else NO_COURSE

    def marker(self, pending: Pending[ExamQuestion], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.learner, f"{pending.course}:{slot.name}")

    async def content(
        self,
        pending: Pending[ExamQuestion],
        slot: DueSlot,
        marker: Marker,
        late_since: datetime | None,
        messenger: Messenger,
    ) -> OutcomeQuestion:
        course = self._catalogue.courses[pending.course]
        return OutcomeQuestion(marker, course, date.fromisoformat(slot.name), late_since)

    async def over(self, pending: Pending[ExamQuestion]) -> str | None:
        return None

    async def suspend(self, pending: Pending[ExamQuestion], refused: Refused) -> None:
        """Ask at the learner's next command, because direct messages are refused."""
        await self._rows.give_up(pending.schedule, str(refused))

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        await self.find_news()

    async def find_news(self) -> None:
        """Find learners who have to be asked at their next command."""
        now = self._now()
        found = await self._rows.to_tell(latest_exam(now))
        self.news = {learner for learner, exam, zone in found if _is_due(exam, zone, now)}

    async def tell(self, learner: int) -> list[OutcomeQuestion]:
        """Return the questions for a learner who just used a command. Each is returned only once."""
        now = self._now()
        self.news.discard(learner)
        questions = []
        for id_, exam, zone in await self._rows.to_tell_of(learner, latest_exam(now)):
            course = self._catalogue.courses.get(id_)
            if course and _is_due(exam, zone, now) and await self._rows.asked(learner, id_, exam, now):
                questions.append(OutcomeQuestion(Marker(learner, f"{id_}:{exam}"), course, exam))
        return questions


def _is_due(exam: date, zone: str | None, now: datetime) -> bool:
    return ask_at(exam, zone_named(zone)) <= now
