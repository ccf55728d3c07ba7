"""What is decided within one turn of a review: which card comes next, and what is shown of it.

All of it runs inside ``Cards.turn``, on the writer's thread: pure, but for the turn.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import instant
from bot.core.calendar.timestamps import from_seconds
from bot.core.course.course import Module
from bot.core.course.progress import Progress
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card, Phase, days_before, default_rating
from bot.core.questions.question import Question, mark
from bot.core.questions.review import NEW_A_DAY, CardState, late, queue
from bot.errors import Stale
from bot.store.reviews import Round, Turn
from bot.store.streaks import Studied
from bot.study.review_results import Asked, Marked, Over, Shown

AHEAD = timedelta(minutes=20)
"""Once nothing else is left, cards that are being learned are taken so long before they are due: Anki's learn-ahead
limit. Without it a round would end while its last card has a minute to go."""
GONE = "That question has left the bank; your record of it is kept. Here is what comes next."
CHANGED = "This question was changed since it was shown to you. Here it is as it is now."


def resume(turn: Turn, bank: Bank) -> Shown:
    """The card that is shown, as it was: its order of options, and its answer if it has one."""
    at = _round(turn)
    question = bank.questions.get(at.question or "")
    if question is None:
        return go_on(turn, bank, GONE)
    if at.chosen is not None:
        return marked(turn, bank, question)
    turn.show_again()
    return asked(turn, bank, question)


def go_on(turn: Turn, bank: Bank, note: str = "") -> Shown:
    """Show what comes next: a card that is due, a new one, one that is being learned; else the round is over."""
    at = _round(turn)
    if at.done < at.goal:
        if due := late(turn.due(), bank, now=turn.at, route=at.route):
            return _show(turn, bank, due[0], fresh=False, note=note)
        cards, progress = turn.cards(), Progress(bank.course, turn.ticks())
        new = queue(
            (), cards.keys(), bank, begun_modules(progress), now=turn.at, new_left=_new_left(turn),
            beyond=bool(at.beyond), route=at.route,
        ).new  # fmt: skip
        if new:
            return _show(turn, bank, new[0], fresh=True, note=note)
        if soon := _soon(turn, bank, cards):
            return _show(turn, bank, soon, fresh=False, note=note)
    turn.show(None)
    return _over(turn, bank).noting(note)


def asked(
    turn: Turn, bank: Bank, question: Question, *, picked: str = "", fresh: bool | None = None, note: str = ""
) -> Asked:
    """The card that is shown, to be answered."""
    at = _round(turn)
    return Asked(
        bank=bank, question=question, seed=at.seed, place=at.done + 1, goal=max(at.goal, at.done + 1),
        fresh=turn.card is None if fresh is None else fresh, undo=at.done > 0, picked=picked, note=note,
    )  # fmt: skip


def marked(turn: Turn, bank: Bank, question: Question, studied: Studied | None = None) -> Marked:
    """The card that is shown, as it was answered."""
    at, review = _round(turn), turn.review
    given = given_in(at.chosen or "")
    right = mark(question, given) if review is None else review.correct
    before = turn.card if review is None else review.before
    moment = turn.now if review is None else from_seconds(review.at)
    place = at.done + (review is None)
    return Marked(
        bank=bank, question=question, seed=at.seed, place=place, goal=max(at.goal, place), given=given, right=right,
        rating=review.rating if review else None, usual=default_rating(right, at.duration, question), before=before,
        at=moment, horizon=horizon(turn, moment), studied=studied,
    )  # fmt: skip


def begun_modules(progress: Progress) -> set[str]:
    """The full ids of the modules that are done or begun."""
    modules = [module for path in progress.course.paths for module in path.modules]
    return {module.route for module in modules if progress.share(module).done}


def current(turn: Turn, seed: int) -> Round:
    """The round, if a button is of what it shows now. Raises ``Stale``."""
    at = _round(turn)
    if at.seed != seed:
        raise Stale("You have gone on since this was shown; nothing was counted. `/review` shows where you are.")
    return at


def midnight(now: datetime, zone: ZoneInfo, days: int = 0) -> datetime:
    """The beginning of today on a clock in ``zone``, or of a day so many later."""
    return instant(now.astimezone(zone).date() + timedelta(days=days), time(), zone)


def beyond_today(turn: Turn, extra: int) -> int:
    """What to add to the new cards of a day so that there are ``extra`` ones now, however many there were."""
    return extra + max(0, turn.new_since(midnight(turn.now, turn.zone)) - NEW_A_DAY) if extra else 0


def horizon(turn: Turn, at: datetime) -> int | None:
    """The longest interval of a card that is rated at a moment."""
    return days_before(turn.exam, at.astimezone(turn.zone).date())


def given_in(packed: str) -> tuple[int, ...]:
    """Option indices as a row has them."""
    return tuple(map(int, packed.split(","))) if packed else ()


def states(cards: Mapping[str, Card]) -> list[CardState]:
    """Cards as ``queue`` takes them."""
    return [CardState(question, card.due, card.reviewed) for question, card in cards.items()]


def _show(turn: Turn, bank: Bank, question: Question, *, fresh: bool, note: str) -> Asked:
    turn.show(question.id)
    return asked(turn, bank, question, fresh=fresh, note=note)


def _soon(turn: Turn, bank: Bank, cards: Mapping[str, Card]) -> Question | None:
    """The card that is being learned and will be due first, in a moment."""
    learned = {question: card for question, card in cards.items() if card.state != Phase.REVIEW}
    until = turn.at + int(AHEAD.total_seconds())
    found = late(states(learned), bank, now=until, route=_round(turn).route)
    return min(found, key=lambda question: cards[question.id].due, default=None)


def _over(turn: Turn, bank: Bank) -> Over:
    at, cards, course = _round(turn), turn.cards(), bank.course
    progress = Progress(course, turn.ticks())
    begun = begun_modules(progress)
    all_states, left = states(cards), _new_left(turn)
    ready = queue(
        all_states, cards.keys(), bank, begun, now=turn.at, new_left=left, beyond=bool(at.beyond), route=at.route
    )
    every = queue(all_states, cards.keys(), bank, begun, now=turn.at, new_left=0, beyond=True, route=at.route)
    known = [each for question, each in cards.items() if question in bank.questions]
    leaf = progress.next()
    above = course.ancestors(leaf) if leaf else ()
    return Over(
        bank=bank, seed=at.seed, done=at.done, right=at.correct, due=len(ready.due), new=len(ready.new),
        held=ready.held, ahead=every.held - ready.held - len(ready.new), begun=bool(begun),
        next_due=min((from_seconds(card.due) for card in known if card.due > turn.at), default=None),
        about=course.nodes.get(at.route or ""), undo=at.done > 0,
        upcoming=next((node for node in above if isinstance(node, Module)), None),
    )  # fmt: skip


def _new_left(turn: Turn) -> int:
    return NEW_A_DAY + _round(turn).extra - turn.new_since(midnight(turn.now, turn.zone))


def _round(turn: Turn) -> Round:
    if turn.round is None:
        raise Stale("This review is over. `/review` begins a new one.")
    return turn.round
