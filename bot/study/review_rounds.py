"""The steps of a review round: which card is asked next, and the result that is shown.

Everything here runs inside ``Reviews.transact`` of the store, on the writer's thread. Apart from the transaction it is
pure.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import instant
from bot.core.calendar.timestamps import from_seconds
from bot.core.course.course import Module, Node, Path
from bot.core.course.progress import Progress
from bot.core.questions.answer import fits, mark
from bot.core.questions.bank import Bank
from bot.core.questions.drill import next_in, ready_mistakes, scope_of
from bot.core.questions.fsrs import Card, State, default_rating, max_interval_before
from bot.core.questions.question import Question
from bot.core.questions.review import NEW_PER_DAY, due_questions, new_questions, next_new
from bot.errors import Stale
from bot.store.mistakes import Schedule
from bot.store.review_rows import Round
from bot.store.reviews import ReviewTransaction
from bot.store.streaks import Studied
from bot.study.drill_results import FinishedDrill
from bot.study.final_passes import final_left, final_pass, final_share, is_final, questions_to_ask
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound, ReviewResult

LEARN_AHEAD = timedelta(minutes=20)
"""When nothing else is left, cards in learning are asked up to this long before they are due (Anki's learn-ahead
limit). Without it a round would end while its last card is due in a minute."""
NO_NEW = -NEW_PER_DAY
"""The ``extra`` of a round without new cards."""
REMOVED = "That question was removed. Your history is kept. Here is the next one."
CHANGED = "This question has been updated. Here is the current version."


def resume(review: ReviewTransaction, bank: Bank) -> ReviewResult:
    """Return the current card with the same order of options, and its answer if it has one."""
    current = current_round(review)
    question = bank.questions.get(current.question or "")
    if question is None:
        return advance(review, bank, REMOVED)
    if current.chosen is not None:
        return answered_card(review, bank, question)
    review.restart_timer()
    return asked_card(review, bank, question)


def advance(
    review: ReviewTransaction, bank: Bank, note: str = "", *, end: bool = False
) -> AskedCard | FinishedRound | FinishedDrill:
    """Ask the next card: one of the final pass, one that is due, a new one, or one in learning.

    End the round if there is none. In a drill, ask the next question of its list. With ``end``, end the round now.
    """
    current = current_round(review)
    if current.scope is not None:
        return _advance_drill(review, bank, note, end=end)
    cards = review.due()
    if not end and current.done < current.goal:
        final = {} if current.extra == NO_NEW else final_share(review, bank)
        cards = cards | final
        following = next(iter(questions_to_ask(final, cards, bank, now=review.at, route=current.route)), None)
        if following is None:
            cards = review.cards()
            following = _new(review, bank, cards) or _learning(review, bank, cards)
        if following is not None:
            review.show(following.id, cards.get(following.id))
            return asked_card(review, bank, following, note=note)
    review.show(None)
    return _finished(review, bank, note)


def _advance_drill(review: ReviewTransaction, bank: Bank, note: str, *, end: bool) -> AskedCard | FinishedDrill:
    current, answered = current_round(review), review.answered()
    following = None if end else next_in(current.questions, answered, bank)
    review.show(following.id if following else None)
    if following is not None:
        return asked_card(review, bank, following, note=note)
    missed = (bank.questions.get(question) for question, correct in answered.items() if not correct)
    mistakes = review.mistakes()
    return FinishedDrill(
        bank=bank, scope=scope_of(current.scope or ""), seed=current_round(review).seed, done=current.done,
        right=current.correct, missed=tuple(filter(None, missed)),
        ready=len(ready_mistakes(bank, mistakes, review.now.astimezone(review.zone).date())),
        listed=sum(question in bank.questions for question in mistakes), can_undo=current.done > 0, note=note,
    )  # fmt: skip


def asked_card(
    review: ReviewTransaction, bank: Bank, question: Question, *, picked: str = "", note: str = ""
) -> AskedCard:
    """Return the current card, to be answered."""
    current = current_round(review)
    position = current.done + 1
    return AskedCard(
        bank=bank, question=question, seed=current.seed, position=position, goal=max(current.goal, position),
        is_new=review.card is None, is_final=is_final(review), can_undo=current.done > 0, picked=picked, note=note,
        scope=scope_of(current.scope) if current.scope else None,
    )  # fmt: skip


def answered_card(
    review: ReviewTransaction, bank: Bank, question: Question, studied: Studied | None = None
) -> AnsweredCard:
    """Return the current card as it was answered."""
    current, entry = current_round(review), review.entry
    right = mark(question, current.given) if entry is None else entry.correct
    at = review.now if entry is None else from_seconds(entry.at)
    position = current.done + (entry is None)
    schedule = Schedule.ALWAYS if current.scope is None else Schedule.DUE
    return AnsweredCard(
        bank=bank, question=question, seed=current.seed, position=position, goal=max(current.goal, position),
        given=current.given if fits(question, current.given) else (), right=right,
        rating=entry.rating if entry else None,
        default_rating=default_rating(right, current.duration, question),
        before=entry.before if entry else review.card, at=at, max_interval=max_interval(review, at),
        tuning=review.tuning, studied=studied,
        counted=entry.counted if entry else schedule.counts(review.card, review.at), listed=review.mistake,
        was_listed=(entry.mistake if entry else review.mistake) is not None,
    )  # fmt: skip


def started_modules(progress: Progress) -> dict[str, int]:
    """Return the full IDs of the modules that are completed or in progress, with the time of the latest completion.

    Also those of their paths, to which questions without a module belong.
    """
    paths = progress.course.paths
    nodes: tuple[Node, ...] = (*paths, *(module for path in paths for module in path.modules))
    latest = ((node.route, progress.last_done(node)) for node in nodes)
    return {route: moment for route, moment in latest if moment is not None}


def current_round(review: ReviewTransaction, seed: int | None = None) -> Round:
    """Return the round. Raises ``Stale`` if there is none, or if ``seed`` isn't that of the current question."""
    if review.round is None:
        raise Stale("This review has ended. Use </review> to start a new one.")
    if seed is not None and review.round.seed != seed:
        raise Stale("You've moved on since this question, so that tap didn't count. Use </review> to continue.")
    return review.round


def midnight(now: datetime, zone: ZoneInfo, days: int = 0) -> datetime:
    """Return the start of today in ``zone``, or of the day ``days`` later."""
    return instant(now.astimezone(zone).date() + timedelta(days=days), time(), zone)


def beyond_limit(review: ReviewTransaction, extra: int) -> int:
    """Return how far to raise today's limit so that ``extra`` more new cards can be asked from now on."""
    return extra + max(0, _new_today(review) - NEW_PER_DAY) if extra else 0


def max_interval(review: ReviewTransaction, at: datetime) -> int | None:
    """Return the longest interval, in days, of the current card if it is rated at ``at``; None without a future exam.

    Also None in the final pass, unless the card is new or in learning: otherwise everything that the pass spreads over
    its days would come back on the day before the exam.
    """
    before = review.entry.before if review.entry else review.card
    if before and before.state == State.REVIEW and final_pass(review, at):
        return None
    return max_interval_before(review.exam, at.astimezone(review.zone).date())


def _new(review: ReviewTransaction, bank: Bank, cards: Mapping[str, Card]) -> Question | None:
    """Return the next new card, unless the daily limit is reached."""
    current = current_round(review)
    if _new_left(review) <= 0:
        return None
    started = started_modules(Progress(bank.course, review.ticks()))
    before = bank.questions.get(current.question or "")
    after = before.route if before else None
    return next_new(bank, cards, started, beyond=bool(current.beyond), route=current.route, after=after)


def _learning(review: ReviewTransaction, bank: Bank, cards: Mapping[str, Card]) -> Question | None:
    """Return the card in learning that is due first, within ``LEARN_AHEAD``."""
    learning = {question: card for question, card in cards.items() if card.state != State.REVIEW}
    until = review.at + int(LEARN_AHEAD.total_seconds())
    due = due_questions(learning, bank, now=until, route=current_round(review).route)
    return min(due, key=lambda question: cards[question.id].due, default=None)


def _finished(review: ReviewTransaction, bank: Bank, note: str) -> FinishedRound:
    current, cards, course = current_round(review), review.cards(), bank.course
    progress = Progress(course, review.ticks())
    started = started_modules(progress)
    every = len(new_questions(bank, cards, started, beyond=True, route=current.route))
    new = every if current.beyond else len(new_questions(bank, cards, started, route=current.route))
    allowed = min(new, max(0, _new_left(review, max(0, current.extra))))
    later = [card.due for question, card in cards.items() if question in bank.questions and card.due > review.at]
    leaf = progress.next()
    above = course.ancestors(leaf) if leaf else ()
    missed = (bank.questions.get(question) for question in review.missed())
    return FinishedRound(
        bank=bank, seed=current.seed, done=current.done, right=current.correct, missed=tuple(filter(None, missed)),
        due=len(questions_to_ask(final_share(review, bank), cards, bank, now=review.at, route=current.route)),
        new=allowed, deferred=new - allowed, beyond=every - new, started=bool(started),
        next_due=from_seconds(min(later)) if later else None, node=course.nodes.get(current.route or ""),
        paths=tuple(path for path in course.paths if _has_started(bank, path, started)),
        next_module=next((node for node in above if isinstance(node, Module)), None), can_undo=current.done > 0,
        note=note, final_left=final_left(review, bank),
        mistakes=len(ready_mistakes(bank, review.mistakes(), review.now.astimezone(review.zone).date())),
    )  # fmt: skip


def _new_today(review: ReviewTransaction) -> int:
    return review.new_since(midnight(review.now, review.zone))


def _new_left(review: ReviewTransaction, extra: int | None = None) -> int:
    """Return how many new cards can be asked today, with the round's ``extra`` unless one is given."""
    return NEW_PER_DAY + (current_round(review).extra if extra is None else extra) - _new_today(review)


def _has_started(bank: Bank, path: Path, started: Collection[str]) -> bool:
    return any(question.route in started for question in bank.of_route.get(path.route, ()))
