"""Digests count due and reviewed cards of visible members, without names."""

from datetime import timedelta

import pytest

from bot.core.calendar.slots import Schedule
from bot.views import digest as views
from tests.databases import query
from tests.digest.conftest import CHANNEL, MANAGER, SERVER, PlainMessenger

DAY = timedelta(days=1)


@pytest.fixture
def add(path, clock):
    """Add a card of a learner with the days until it is due and since its only review."""

    def add(learner, question, *, due=0, reviewed=30):
        now = clock.now()
        at = int((now - reviewed * DAY).timestamp())
        due_at = int((now + due * DAY).timestamp())
        query(
            path, "insert into card values (?, 'az-104', ?, 2, null, 3.0, 5.0, ?, ?, 3)", learner, question, due_at, at
        )
        ((earlier,),) = query(path, "select count(*) from review where learner_id = ?", learner)
        query(
            path,
            "insert into review (learner_id, number, course, question, reviewed_at, rating, correct)"
            " values (?, ?, 'az-104', ?, ?, 3, 1)",
            learner,
            at * 1_000_000 + earlier,
            question,
            at,
        )

    return add


@pytest.fixture
def current_digest(study, chat, asker, catalogue):
    """Return the current digest and its text."""

    async def current_digest():
        status = await study.digests.set_up(
            SERVER, MANAGER, catalogue.default, channel=CHANNEL, schedule=Schedule(0, 540, "UTC")
        )
        edition = await study.digests.preview(status.cohort, PlainMessenger(chat), 1)
        parts = views.digest(edition).to_components()[0]["components"]
        return edition.digest, "\n".join(part.get("content", "") for part in parts)

    return current_digest


async def test_cards_that_are_due_and_reviews_of_the_week_are_counted(study, current_digest, add, asker, catalogue):
    questions = list(catalogue.banks["az-104"].questions)
    for learner in (1, 2, 3, 4):
        await study.progress.complete(asker(learner, SERVER), catalogue.default.nodes["deploy"])
    add(1, questions[0], due=-1, reviewed=8)
    add(1, questions[1], due=0, reviewed=2)
    add(1, questions[2], due=3, reviewed=1)
    add(2, questions[0], due=5, reviewed=1)
    add(2, "gone-from-the-bank", due=-1)
    digest, text = await current_digest()
    assert (digest.reviewed, digest.reviewers, digest.due) == (3, 2, 2)
    assert "🔁 Reviewed: 3 cards by 2 people · 2 due" in text
    for hidden in (2, 3):
        add(hidden, questions[5], due=-1, reviewed=1)
        await study.privacy.set_visibility(hidden, hidden=True)
    await study.privacy.leave(4, SERVER)
    add(4, questions[5], due=-1, reviewed=1)
    digest, _ = await current_digest()
    assert (digest.reviewed, digest.reviewers, digest.due) == (2, 1, 2), "hidden and former members are not counted"


async def test_without_reviews_there_is_no_review_line(study, current_digest, asker, catalogue):
    await study.progress.complete(asker(1, SERVER), catalogue.default.nodes["deploy"])
    digest, text = await current_digest()
    assert (digest.reviewed, digest.due) == (0, 0)
    assert "🔁" not in text


async def test_due_cards_are_shown_in_a_week_without_reviews(study, current_digest, add, asker, catalogue):
    await study.progress.complete(asker(1, SERVER), catalogue.default.nodes["deploy"])
    add(1, next(iter(catalogue.banks["az-104"].questions)), due=-1)
    assert "🔁 Reviewed: none this week · 1 due" in (await current_digest())[1]
