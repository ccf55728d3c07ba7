"""A small course with a bank of all kinds of questions, and a learner who takes mock exams."""

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
from simcord.backend import serializers
from simcord.enums import InteractionType

from bot.client.bot import StudyBot
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions.answer import letters_of
from bot.core.questions.bank import Bank, bank_of
from bot.core.questions.question import LETTERS, MANY_PARTS, Gap, Kind, Match, Option, Question, Statement
from bot.study import Study
from tests.cogs.conftest import Member, Reply, Simulation, env, parts, sim, text_of

__all__ = ["env", "sim"]

DOMAINS = ("one", "two", "three")
WEIGHTS = ([50, 60], [20, 30], [10, 20])
KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUTH, Kind.ORDER, Kind.YESNO, Kind.COMPLETE, Kind.MATCHING)


def made(path: str, module: str, number: int) -> Question:
    """A question whose kind depends on its module and number. The prompt contains its ID."""
    name, kind = f"{path}-{module}-{number}", KINDS[(number + 4 * (module == "n")) % 7]
    right = {Kind.SINGLE: (1,), Kind.MULTIPLE: (0, 2)}.get(kind, ())
    listed = kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER)
    options = [Option(text=f"{name} {step}", right=step in right) for step in range(4)] if listed else []
    few = ("one", "two", "three")
    return Question(
        id=name,
        module=module,
        kind=kind,
        difficulty=1,
        prompt=f"What of {name}?",
        explanation=f"Why {name}.",
        options=tuple(options),
        answer=number % 8 < 4 if kind is Kind.TRUTH else None,
        statements=tuple(Statement(text=f"So {each}.", answer=each == "two") for each in few if kind is Kind.YESNO),
        command="az [1] [2]" if kind is Kind.COMPLETE else None,
        gaps=tuple(Gap(right=each, options=few) for each in few[:2] if kind is Kind.COMPLETE),
        choices=few if kind is Kind.MATCHING else (),
        items=tuple(Match(text=f"Item {each}", answer="two") for each in few if kind is Kind.MATCHING),
    )


def bank_with(course: Course, each: int = 4, leave_out: tuple[str, ...] = ()) -> Bank:
    """``each`` questions on both modules of three domains and of a path without a domain."""
    files = {
        path: [
            question
            for module in ("m", "n")
            for question in (made(path, module, number) for number in range(each))
            if question.id not in leave_out
        ]
        for path in (*DOMAINS, "zero")
    }
    return bank_of(course, files)


@pytest.fixture(scope="session")
def small(course: Any) -> Course:
    """Three domains with weights 55, 25 and 15, a path of two modules for each, and a path without a domain."""
    domains = [{"id": name, "title": f"Domain {name}", "weight": w} for name, w in zip(DOMAINS, WEIGHTS, strict=True)]
    exam = {"pass_mark": 700, "out_of": 1000, "minutes": 100, "domains": domains}
    read = course({path: {module: ["u"] for module in "mn"} for path in (*DOMAINS, "zero")}, exam=exam)
    paths = tuple(replace(path, domain=path.id if path.id in DOMAINS else None) for path in read.paths)
    return replace(read, paths=paths)


@pytest.fixture(scope="session")
def bank(small: Course) -> Bank:
    """24 questions on the exam, 8 of each domain, and 8 on a path without one."""
    return bank_with(small)


class ShownMessage:
    """The content of a message when it was sent. Later edits of the message don't change it."""

    def __init__(self, reply: Reply) -> None:
        self.message, self.private = reply.message, reply.private
        self.components = deepcopy(reply.message.components)

    @property
    def text(self) -> str:
        return text_of(self.components)

    @property
    def buttons(self) -> list[str]:
        return [part["label"] for part in parts(self.components) if part.get("type") == 2]

    @property
    def menu(self) -> dict[str, Any]:
        """The select."""
        (menu,) = self.menus
        return menu

    @property
    def menus(self) -> list[dict[str, Any]]:
        """The selects, one for each part of a question."""
        return [part for part in parts(self.components) if part.get("type") == 3]

    def custom_id(self, label: str) -> str:
        return next(str(part["custom_id"]) for part in parts(self.components) if part.get("label") == label)


@dataclass
class Candidate:
    """A learner who takes mock exams of the small course."""

    sim: Simulation
    who: Member
    bank: Bank

    async def restart(self, bank: Bank | None = None) -> None:
        """Restart the bot on the same database, with another bank if one is given."""
        self.bank = self.bank if bank is None else bank
        catalogue = Catalogue((self.bank.course,), self.bank.course.id, {self.bank.course.id: self.bank})
        self.sim.study = await Study.open(self.sim.store, catalogue, now=self.sim.study.now)
        await self.sim.env.restart_bot(StudyBot(self.sim.study, self.sim.store, shard_count=1))

    async def exam(self, **options: Any) -> ShownMessage:
        return ShownMessage(await self.sim.command(self.who, "mock-exam", **options))

    async def press(self, on: ShownMessage, custom_id: str, *values: str) -> ShownMessage:
        """Press a component of a message, whether or not the message still has it."""
        kind, parts_of = (3, {"options": []}) if values else (2, {"style": 1, "label": "Press"})
        row = {"type": 1, "components": [{"type": kind, "custom_id": custom_id, **parts_of}]}
        there = any(part.get("custom_id") == custom_id for part in parts(on.components))
        message = dict(serializers.message_payload(self.sim.env.backend, on.message._message))
        message["components"] = on.components if there else [row]
        data = {"custom_id": custom_id, "component_type": kind, "values": list(values)}
        told = {"extra": {"message": message}, "source_message_id": on.message.id}
        return ShownMessage(await self.sim.dispatch(self.who, InteractionType.MESSAGE_COMPONENT, data, **told))

    async def click(self, on: ShownMessage, label: str) -> ShownMessage:
        """Press a button that the message had when it was sent."""
        return await self.press(on, on.custom_id(label))

    async def begin(self, **options: Any) -> ShownMessage:
        return await self.click(await self.exam(**options), "Start")

    def question(self, reply: ShownMessage) -> Question:
        """The current question."""
        found = re.search(r"What of ([a-z0-9-]+)\?", reply.text)
        assert found, reply.text
        return self.bank.questions[found[1]]

    def number(self, reply: ShownMessage) -> int:
        """The number of the mock exam."""
        return int(reply.custom_id("Finish").split(":")[3])

    def letters(self, reply: ShownMessage, *, right: bool = True) -> str:
        """Letters that answer the current question, rightly or wrongly."""
        question = self.question(reply)
        given = question.right
        if not right and question.kind in MANY_PARTS:
            given = tuple((index + 1) % 2 for index in given)
        elif not right:
            wrong = [index for index in range(len(question.texts)) if index not in question.right]
            given = tuple(reversed(given)) if question.kind is Kind.ORDER else (wrong[0],)
        return letters_of(question, self.number(reply), given)

    async def answer(self, on: ShownMessage, *, right: bool = True) -> ShownMessage:
        """Answer the current question and go to the next one, if there is one."""
        saved = await self.save(on, right=right)
        return await self.click(saved, "Next") if "Next" in saved.buttons else saved

    async def save(self, on: ShownMessage, *, right: bool = True) -> ShownMessage:
        """Answer the current question; an order letter by letter from its start, parts one by one."""
        question, letters = self.question(on), self.letters(on, right=right)
        if question.kind in MANY_PARTS:
            for number, letter in enumerate(letters):
                if number < len(on.menus):
                    on = await self.press(on, on.menus[number]["custom_id"], letter)
            return on
        if question.kind is Kind.MULTIPLE:
            return await self.press(on, on.menu["custom_id"], *letters)
        if question.kind is Kind.TRUTH:
            return await self.click(on, ("True", "False")[LETTERS.index(letters)])
        for label in [label for label in on.buttons if label.startswith("Start over")]:
            on = await self.click(on, label)
        for letter in letters:
            on = await self.click(on, letter)
        return on

    async def all_of(self, reply: ShownMessage, *, wrong: tuple[str, ...] = ()) -> ShownMessage:
        """Answer this question and all after it, those in ``wrong`` wrongly."""
        while True:
            reply = await self.save(reply, right=self.question(reply).id not in wrong)
            if "Next" not in reply.buttons:
                return reply
            reply = await self.click(reply, "Next")


@pytest.fixture
async def ada(sim: Simulation, bank: Bank) -> Candidate:
    """Ada, on the small course."""
    candidate = Candidate(sim, sim.ada, bank)
    await candidate.restart()
    return candidate
