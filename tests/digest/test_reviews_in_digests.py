"""See everyone counts the reviews of visible members, without names."""

from datetime import timedelta

import pytest

from bot.core.calendar.timestamps import seconds
from bot.views.digest_everyone import everyone
from tests.cogs.conftest import text_of
from tests.conftest import complete_visibly
from tests.databases import query
from tests.digest.conftest import SERVER, PlainMessenger

DAY = timedelta(days=1)


@pytest.fixture
def add(path, clock):
    """Add a review of a learner some days ago."""

    def add(learner, question, *, days):
        at = seconds(clock.now() - days * DAY)
        query(
            path,
            "insert into review (learner_id, number, course, question, reviewed_at, rating, correct)"
            " values (?, ?, 'az-104', ?, ?, 3, 1)",
            learner,
            at * 1_000_000,
            question,
            at,
        )

    return add


@pytest.fixture
def last_week(study, chat, clock):
    """Return a page of everyone in the last seven days, and its text."""

    async def last_week():
        now = seconds(clock.now())
        since, until = now - 7 * 86_400, now + 1
        found = await study.digests.people.page(SERVER, "az-104", since, until, 0, PlainMessenger(chat))
        return found, text_of(everyone(found, "2026-W48").to_components())

    return last_week


async def test_reviews_of_the_week_are_counted(study, last_week, add, asker, catalogue):
    questions = list(catalogue.banks["az-104"].questions)
    for learner in (1, 2, 3, 4):
        await complete_visibly(study, asker(learner, SERVER), catalogue.default.nodes["deploy"])
    add(1, questions[0], days=8)
    add(1, questions[1], days=2)
    add(1, questions[2], days=1)
    add(2, questions[0], days=1)
    add(9, questions[0], days=1)
    found, text = await last_week()
    assert (found.reviews, found.reviewers) == (3, 2)
    assert "🔁 2 people reviewed 3 questions" in text
    for hidden in (2, 3):
        add(hidden, questions[5], days=3)
        await study.privacy.set_visibility(hidden, hidden=True)
    await study.privacy.leave(4, SERVER)
    add(4, questions[5], days=1)
    found, _ = await last_week()
    assert (found.reviews, found.reviewers) == (2, 1), "hidden and former members are not counted"


async def test_without_reviews_there_is_no_review_line(study, last_week, asker, catalogue):
    await complete_visibly(study, asker(1, SERVER), catalogue.default.nodes["deploy"])
    found, text = await last_week()
    assert found.reviews == 0
    assert "🔁" not in text
