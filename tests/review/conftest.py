"""A learner who reviews a small bank, and the rows that result."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import yaml

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions.answer import letters_of, shuffled
from bot.core.questions.bank import Bank, read_bank
from bot.core.questions.drill import Scope, Topic
from bot.core.questions.question import LETTERS, MANY_PARTS, Kind
from bot.store import Store
from bot.study import Asker, Study
from bot.study.drill_results import FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound, ReviewResult
from tests.cogs.conftest import env, sim
from tests.conftest import READER, Clock, course_text

__all__ = ["env", "sim"]

TREE = {"a": {"m": ["u1", "u2"], "n": ["u1"]}, "b": {"o": ["u1"]}}
OPTIONS = ("First text", "Second text", "Third text")


def single(id_: str, module: str, **more: Any) -> dict[str, Any]:
    """A question whose first option is right."""
    options = [{"text": text, "right": number == 0} for number, text in enumerate(OPTIONS)]
    base = {"id": id_, "module": module, "kind": "single", "difficulty": 1, "prompt": f"What of {id_}?"}
    return base | {"options": options, "explanation": "Because."} | more


def made_bank(course: Course, *without: str, changed: str = "", many: int = 4) -> Bank:
    """m1 to m4 (or more), then n-truth, n-multiple and n-order, then o1 and o2; ``changed`` is reworded."""
    several = [{"text": text, "right": number < 2} for number, text in enumerate(OPTIONS)]
    listed = [
        *(single(f"m{number}", "m") for number in range(1, many + 1)),
        single("n-truth", "n", kind="truth", answer=True, options=[]),
        single("n-multiple", "n", kind="multiple", options=several),
        single("n-order", "n", kind="order", options=[{"text": text} for text in OPTIONS]),
        *(single(f"o{number}", "o") for number in (1, 2)),
    ]
    for each in listed:
        if each["id"] == changed:
            each["prompt"] = "Quite another question?"
            each["options"] = list(reversed(each["options"]))
        if not each["options"]:
            del each["options"]
    kept = [each for each in listed if each["id"] not in without]
    files = {path.id: [q for q in kept if q["module"] in {m.id for m in path.modules}] for path in course.paths}
    return read_bank({path: yaml.safe_dump({"questions": each}) for path, each in files.items() if each}, course)


def letters(shown: AskedCard | AnsweredCard, *, right: bool = True) -> str:
    """The letters of a right or a wrong answer, for the current order of options."""
    question = shown.question
    order = shuffled(question, shown.seed)
    wanted = question.right
    if question.kind in MANY_PARTS:
        wanted = wanted if right else tuple((index + 1) % 2 for index in wanted)
        return letters_of(question, shown.seed, wanted)
    if not right:
        others = [index for index in range(len(question.texts)) if index not in question.right]
        wanted = tuple(reversed(question.right)) if question.kind is Kind.ORDER else tuple(others[:1])
    return "".join(LETTERS[order.index(index)] for index in wanted)


class Ada:
    """A learner in server 700, her clock, and the current result."""

    def __init__(self, store: Store, course: Course, clock: Clock, rows: Callable[..., list[Any]]) -> None:
        self.store, self.course, self.clock, self.rows = store, course, clock, rows
        self.asker = Asker(1, 700, "Ada")
        self.shown: ReviewResult | None = None
        self.use(made_bank(course))

    def use(self, bank: Bank) -> None:
        """Restart the bot with this bank."""
        self.bank = bank
        self.study = Study(self.store, Catalogue([self.course], self.course.id, {self.course.id: bank}), now=self.now)
        self.reviews = self.study.reviews

    def now(self) -> datetime:
        return self.clock.now()

    async def tick(self, route: str) -> None:
        await self.study.progress.complete(self.asker, self.course.nodes[route])

    async def begin(self, **options: Any) -> Any:
        self.shown = await self.reviews.begin(1, self.course, **options)
        return self.shown

    async def drill(self, topic: Topic = Topic.MISTAKES, id_: str = "") -> Any:
        self.shown = await self.study.drills.begin(1, self.course, Scope(topic, id_))
        return self.shown

    async def guess(self) -> Any:
        """Say that the correct answer was a guess."""
        assert isinstance(self.shown, AnsweredCard)
        self.shown = await self.reviews.rate(1, self.course, self.shown.seed, 2, guessed=True)
        return self.shown

    async def answer(self, *, right: bool = True, seconds: float = 5) -> AnsweredCard:
        assert isinstance(self.shown, AskedCard)
        self.clock.move(seconds=seconds)
        given = letters(self.shown, right=right)
        self.shown = await self.reviews.answer(1, self.course, self.shown.seed, given, self.shown.fingerprint)
        assert isinstance(self.shown, AnsweredCard)
        return self.shown

    async def rate(self, rating: int | None = None) -> Any:
        assert isinstance(self.shown, AnsweredCard)
        chosen = rating or self.shown.rating or self.shown.default_rating
        self.shown = await self.reviews.rate(1, self.course, self.shown.seed, chosen)
        return self.shown

    async def undo(self) -> Any:
        assert isinstance(self.shown, AskedCard | FinishedRound | FinishedDrill)
        self.shown = await self.reviews.undo(1, self.course, self.shown.seed)
        return self.shown

    async def go(self, answers: str) -> Any:
        """Answer and rate once for each letter of ``answers``: ``r`` is right, ``w`` wrong."""
        for each in answers:
            await self.answer(right=each == "r")
            await self.rate()
        return self.shown

    def cards(self) -> dict[str, tuple[Any, ...]]:
        columns = "question, state, step, stability, difficulty, due_at, reviewed_at, rating"
        found = self.rows(f"select {columns} from card where learner_id = 1")
        return {question: tuple(rest) for question, *rest in found}

    def log(self) -> list[tuple[Any, ...]]:
        """Index, question, rating and whether it was right, for each log entry."""
        columns = "row_number() over (order by number), question, rating, correct"
        return self.rows(f"select {columns} from review where learner_id = 1 order by number")

    def listed(self) -> dict[str, tuple[int, str | None]]:
        """Of each question on the list of mistakes: when it was missed, and the day of a correct answer since."""
        found = self.rows("select question, missed_at, right_on from mistake where learner_id = 1")
        return {question: tuple(rest) for question, *rest in found}

    def days(self) -> list[str]:
        return [day for (day,) in self.rows("select day from study_day where learner_id = 1 order by day")]


@pytest.fixture(scope="session")
def small() -> Course:
    return READER.read(course_text(TREE), "t-1.yaml")


@pytest.fixture
async def ada(store: Store, small: Course, clock: Clock, rows: Callable[..., list[Any]]) -> Ada:
    return Ada(store, small, clock, rows)


@pytest.fixture
async def begun(ada: Ada) -> Ada:
    """Path a is completed, and a round is open."""
    await ada.tick("a")
    await ada.begin()
    return ada
