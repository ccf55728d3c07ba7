"""Reminders and readiness include review cards: due cards are counted, and forgotten ones lower readiness."""

import pytest

from bot.core.questions.answer import shuffled
from bot.core.questions.question import LETTERS
from bot.study import Asker
from bot.study.delivery_kind import Marker
from bot.study.review_results import AnsweredCard, AskedCard
from bot.views import reminder as views
from tests.cogs.conftest import text_of
from tests.delivery.plain import Chat, PlainMessenger, Process
from tests.reminder.conftest import ADA, rhythm

ME = Asker(ADA, 700, "Ada")


@pytest.fixture
def course(catalogue):
    return catalogue.default


@pytest.fixture
async def reminder_sim(study, clock):
    """The bot with the real courses."""
    return Process(study, PlainMessenger(Chat(clock.now)))


@pytest.fixture
def answer(study, course):
    """Return a function that answers cards, all right or all wrong."""

    async def answer(count, *, right=True):
        shown = await study.reviews.begin(ADA, course, count=count, beyond=True, extra=count)
        for _ in range(count):
            assert isinstance(shown, AskedCard)
            question, order = shown.question, shuffled(shown.question, shown.seed)
            wrong = [each for each in order if each not in question.right][:1] or question.right[::-1]
            contents = "".join(LETTERS[order.index(each)] for each in (question.right if right else wrong))
            shown = await study.reviews.answer(ADA, course, shown.seed, contents)
            assert isinstance(shown, AnsweredCard)
            shown = await study.reviews.rate(ADA, course, shown.seed, shown.rating)

    return answer


async def told(reminder_sim, course):
    (status,) = [
        each for each in await reminder_sim.study.reminder_settings.all(ADA) if each.reminder.course == course.id
    ]
    marker = Marker(ADA, "az-104:2026-11-20:1")
    return await reminder_sim.study.reminders.build(ADA, course, marker, status.reminder.rhythm, status.zone)


async def test_a_reminder_counts_due_cards_and_links_to_them(reminder_sim, course, answer, clock):
    await reminder_sim.study.reminder_settings.set(ADA, course, rhythm(), reminder_sim.messenger, 1)
    assert (await told(reminder_sim, course)).due == 0
    await answer(3)
    clock.move(days=30)
    content = await told(reminder_sim, course)
    assert content.due == 3
    view = views.reminder(content).to_components()
    labels = [part["label"] for part in view[0]["components"][-1]["components"]]
    assert labels == ["Done", "Later", "Not this week", "Review 3 questions", "Open"]


async def test_a_completed_course_is_reminded_of_cards_only(reminder_sim, course, answer, clock, rows):
    await reminder_sim.study.reminder_settings.set(ADA, course, rhythm(), reminder_sim.messenger, 1)
    await answer(2)
    for path in course.paths:
        await reminder_sim.study.progress.complete(ME, path)
    clock.move(minutes=30)  # the steps of minutes are due
    await answer(2)
    clock.move(hours=9)
    await reminder_sim.tick()
    assert reminder_sim.messenger.chat.sent(ADA) == []
    assert rows("select reason from delivery where kind = 'reminder'") == [("no question was due",)]
    clock.move(days=400)
    await reminder_sim.tick()
    last = reminder_sim.messenger.chat.sent(ADA)[-1].content
    assert (last.node, last.due) == (None, 2)
    assert "2 questions due" in text_of(views.reminder(last).to_components())
    assert rows("select state from reminder") == [("on",)], "there is more to come"


async def test_readiness_falls_to_what_is_recalled_and_rises_with_reviews(study, course, answer, clock):
    await study.progress.complete(ME, course.nodes["deploy"])
    before = await study.readiness.of(ADA, course)
    assert [each.recalled for each in before.domains] == [None] * 5
    await answer(10)
    some = await study.readiness.of(ADA, course)
    recalled = {each.domain.id: each.recalled for each in some.domains}
    domain = course.nodes["deploy"].domain
    share = 10 / len(study.catalogue.banks["az-104"].of_domain[domain])
    assert recalled.pop(domain) == pytest.approx(share, rel=0.02)
    assert set(recalled.values()) == {None}, "other domains are not covered, so nothing is known"
    assert some.whole == pytest.approx(before.whole * share, rel=0.02)
    clock.move(days=60)
    assert (await study.readiness.of(ADA, course)).whole < 0.9 * some.whole, "it is forgotten with time"


async def test_wrong_answers_are_not_recalled(study, course, answer):
    await study.progress.complete(ME, course.nodes["deploy"])
    await answer(5, right=False)
    readiness = await study.readiness.of(ADA, course)
    assert readiness.whole == 0
    assert "haven't recalled any of it in a review yet" in readiness.meaning
    assert readiness.step.node is None, "the most effective step is a review"
