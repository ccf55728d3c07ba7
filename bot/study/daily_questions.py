"""The question of the day: what its posts show, and the answers of members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.course.catalogue import Catalogue
from bot.core.questions.answer import chosen, mark
from bot.core.questions.bank import Bank
from bot.core.questions.daily_question import DailyQuestionWeek, KnownQuestion, week_of
from bot.core.questions.question import Question, fingerprint
from bot.errors import NotFound, Stale
from bot.store import Store
from bot.store.daily_answers import DailyAnswer
from bot.store.daily_questions import DailyPost
from bot.study.delivery_kind import Marker

GONE = "This question is no longer available."
CHANGED = "This question was updated after it was posted, so it can't be answered here. </review> has the new version."

TOO_LATE_TO_GUESS = "You've answered other questions since, so this answer can't be changed."


@dataclass(frozen=True, slots=True)
class PostedQuestion:
    """The question of a slot. ``seed`` determines the order of its options."""

    slot: str
    bank: Bank
    question: Question

    @property
    def seed(self) -> int:
        return seed_of(self.slot)


@dataclass(frozen=True, slots=True)
class Reveal:
    """An earlier question with its answer. ``tally`` is how many chose each option, by its index in the file.

    ``link`` is the address of its post, ``thread`` that of its discussion; empty without one.
    """

    posted: PostedQuestion
    tally: Mapping[int, int]
    link: str = ""
    thread: str = ""

    @property
    def answers(self) -> int:
        return sum(self.tally.values())

    @property
    def right(self) -> int:
        return sum(count for choice, count in self.tally.items() if choice in self.posted.question.right)


@dataclass(frozen=True, slots=True)
class DailyQuestionContent:
    """A post: its question, the number of answers so far, and the answer of an earlier question.

    ``role`` is notified when it is posted. ``answer_link`` is the address of the post that reveals its answer; empty
    before that.
    """

    marker: Marker
    posted: PostedQuestion
    answers: int = 0
    role: int | None = None
    reveal: Reveal | None = None
    late_since: datetime | None = None
    answer_link: str = ""


@dataclass(frozen=True, slots=True)
class OutdatedPost:
    """A message that shows less than ``content``. ``shown`` is the number of answers in it."""

    channel: int
    message: int
    content: DailyQuestionContent
    shown: int


@dataclass(frozen=True, slots=True)
class AnsweredDaily:
    """A member's answer to a question of the day."""

    posted: PostedQuestion
    answer: DailyAnswer


class DailyQuestions:
    """Posts and answers."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._posts = store.daily_questions
        self._answers = store.daily_answers
        self._catalogue = catalogue
        self._now = now

    async def answer(self, learner: int, server: int, slot: str, letter: str) -> AnsweredDaily:
        """Store a member's answer, the ``letter`` of a button; a second one changes nothing.

        Raises ``NotFound`` for a question that isn't posted, was removed or was changed, and ``Stale`` for a letter
        that it doesn't have.
        """

        def marked(post: DailyPost | None) -> tuple[DailyPost, int, bool]:
            found = self.posted(post)
            if post is None or found is None:
                raise NotFound(CHANGED if post and self._question(post) else GONE)
            (choice,) = chosen(found.question, found.seed, letter[:1])
            return post, choice, mark(found.question, (choice,))

        answer = await self._answers.add(server, slot, learner, self._now(), marked)
        found = self.posted(await self._posts.post(server, slot))
        if found is None:
            raise NotFound(GONE)
        return AnsweredDaily(found, answer)

    async def guess(self, learner: int, server: int, slot: str) -> AnsweredDaily:
        """Record that a member's correct answer was a guess. Raises ``Stale`` if they have answered others since."""
        answer = await self._answers.guess(server, slot, learner)
        found = self.posted(await self._posts.post(server, slot))
        if answer is None or found is None:
            raise Stale(TOO_LATE_TO_GUESS)
        return AnsweredDaily(found, answer)

    def posted(self, post: DailyPost | None) -> PostedQuestion | None:
        """Return the question of a post; None if it was removed or changed since."""
        question = self._question(post) if post else None
        if post is None or question is None or fingerprint(question) != post.fingerprint:
            return None
        return PostedQuestion(post.slot, self._catalogue.banks[post.course], question)

    def _question(self, post: DailyPost) -> Question | None:
        bank = self._catalogue.banks.get(post.course)
        return bank.questions.get(post.question) if bank else None

    async def content(self, server: int, post: DailyPost) -> DailyQuestionContent | None:
        """Return what the message of a post shows now; None if its question was removed or changed."""
        posted = self.posted(post)
        if posted is None:
            return None
        if post.revealed:
            answers = sum((await self._posts.tally(server, post.slot)).values())
            there = await self._posts.revealed_in(server, post.slot)
        else:
            answers, there = await self._answers.count(server, post.slot), None
        link = link_to(server, *there) if there else ""
        reveal = await self._reveal(server, post.reveals) if post.reveals else None
        return DailyQuestionContent(marker(server, post.slot), posted, answers, reveal=reveal, answer_link=link)

    async def _reveal(self, server: int, slot: str) -> Reveal | None:
        post = await self._posts.post(server, slot)
        posted = self.posted(post)
        if post is None or posted is None or post.channel is None or post.message is None:
            return None
        # Discord gives a thread the ID of the message that it was created from.
        thread = f"https://discord.com/channels/{server}/{post.message}" if post.discussed else ""
        tally = await self._posts.tally(server, slot)
        return Reveal(posted, tally, link_to(server, post.channel, post.message), thread)

    async def outdated(self) -> list[tuple[int, str]]:
        """Return server and slot of the posts whose message must be edited."""
        return await self._posts.outdated()

    async def outdated_post(self, server: int, slot: str) -> OutdatedPost | None:
        """Return what the message of a post must show; None if it shows that already, or can't be edited."""
        post = await self._posts.post(server, slot)
        if post is None or post.closed or post.channel is None or post.message is None:
            return None
        content = await self.content(server, post)
        if content is None:
            await self._posts.set_shown(server, slot, post.shown, closed=True)
            return None
        if content.answers == post.shown and not content.answer_link:
            return None
        return OutdatedPost(post.channel, post.message, content, post.shown)

    async def shown(self, server: int, content: DailyQuestionContent) -> None:
        """Record that a message shows this content. The one with the link to the answer is final."""
        closed = bool(content.answer_link)
        await self._posts.set_shown(server, content.posted.slot, content.answers, closed=closed)

    async def close(self, server: int, slot: str) -> None:
        """Record that the message of a post is gone."""
        await self._posts.set_shown(server, slot, 0, closed=True)

    async def week(self, server: int, course: str, since: datetime, until: datetime) -> DailyQuestionWeek | None:
        """Return the week of a group; None if it had no answers."""
        answers, members = await self._answers.of_week(server, course, since, until)
        if not answers:
            return None
        revealed = []
        for tally in await self._answers.revealed_in_week(server, course, since, until):
            post = DailyPost(tally.slot, course, tally.question, tally.fingerprint)
            if found := self.posted(post):
                reveal = Reveal(found, tally.answers)
                link = link_to(server, tally.channel, tally.message)
                revealed.append(KnownQuestion(found.question, reveal.right, reveal.answers, link))
        return week_of(members, answers, revealed)


def seed_of(slot: str) -> int:
    """Return the seed of a slot (a date), which determines the order of the options."""
    return date.fromisoformat(slot).toordinal()


def marker(server: int, slot: str) -> Marker:
    """Return the marker of a post: the end of the ``custom_id`` of its first button."""
    return Marker(server, f"A:{slot}")


def link_to(server: int, channel: int, message: int) -> str:
    return f"https://discord.com/channels/{server}/{channel}/{message}"
