"""Compare two versions of a question bank."""

from dataclasses import dataclass

from bot.core.questions.bank import Bank
from bot.core.questions.question import Question


@dataclass(frozen=True, slots=True)
class BankChanges:
    """Questions that were added and removed, and pairs of a question with different prompts.

    A question is identified by its ID, so each member's history of it stays, and that of a removed one is kept.
    """

    added: tuple[Question, ...]
    removed: tuple[Question, ...]
    reworded: tuple[tuple[Question, Question], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reworded)


def compare_banks(old: Bank | None, new: Bank | None) -> BankChanges:
    """Compare two versions of a course's bank. None is a bank without questions."""
    before = old.questions if old else {}
    after = new.questions if new else {}
    return BankChanges(
        added=tuple(question for name, question in after.items() if name not in before),
        removed=tuple(question for name, question in before.items() if name not in after),
        reworded=tuple(
            (question, after[name])
            for name, question in before.items()
            if name in after and after[name].prompt != question.prompt
        ),
    )
