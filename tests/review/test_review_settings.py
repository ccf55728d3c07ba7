"""Target retention and personal FSRS parameters: the separate process, what is stored, and what it changes."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.questions.fsrs import DEFAULT, LEAST_SPACED, Tuning, apply_rating, recall_now
from bot.core.questions.training import MAX_REVIEWS, spaced, training_reviews
from bot.errors import Busy, NothingYet, Stale
from bot.study.parameter_fitting import FAILED, IN_USE, ParameterFitting, installed_program
from bot.study.review_settings import LEAST_REVIEWS, LearnerReviewSettings
from tests.cogs.conftest import parts

DAY = 86_400
MINE = (0.3, *(0.5 * (low + high) for low, high in [(1.0, 2.0), (2.0, 4.0), (8.0, 12.0)]),
        6.0, 0.8, 3.0, 0.01, 1.9, 0.2, 0.8, 1.5, 0.06, 0.3, 1.6, 0.6, 1.9, 0.5, 0.09, 0.07, 0.2)  # fmt: skip
"""21 valid parameters that aren't the defaults."""
ANSWERING = f"import json, sys; reviews = json.load(sys.stdin); assert len(reviews[0]) == 3; print({list(MINE)})"
REVIEWS = [(1, 1_780_000_000, 3), (1, 1_780_100_000, 3)]


def running(code, **more):
    """Fit with a program of our own, in a real process."""
    return ParameterFitting((sys.executable, "-c", code), **more)


# The process


async def test_the_program_gets_the_reviews_and_returns_the_parameters():
    assert await running(ANSWERING).fit(REVIEWS) == MINE


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "print('no JSON')",
        "print([0.1, 0.2])",
        "print([1e9] * 21)",
        "print('[' + ', '.join(['NaN'] * 21) + ']')",
        "print('null')",
        "import os; os.kill(os.getpid(), 9)",
    ],
)
async def test_a_program_that_fails_changes_nothing_and_says_so(code):
    fitting = running(code)
    with pytest.raises(Busy, match=FAILED):
        await fitting.fit(REVIEWS)
    fitting.check_free()


async def test_a_program_that_takes_too_long_is_killed(tmp_path):
    alive = tmp_path / "alive"
    fitting = running(f"import time, pathlib; time.sleep(2); pathlib.Path({str(alive)!r}).touch()", seconds=0.3)
    with pytest.raises(Busy, match=FAILED):
        await fitting.fit(REVIEWS)
    await asyncio.sleep(2.2)
    assert not alive.exists()


async def test_a_program_is_killed_when_the_bot_stops(tmp_path):
    alive = tmp_path / "alive"
    fitting = running(f"import time, pathlib; time.sleep(2); pathlib.Path({str(alive)!r}).touch()")
    task = asyncio.create_task(fitting.fit(REVIEWS))
    await asyncio.sleep(0.5)
    with pytest.raises(Busy, match=IN_USE):
        await fitting.fit(REVIEWS)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(2)
    assert not alive.exists()


async def test_the_program_of_the_bot_has_limits():
    """Without the extra it ends with an error; with it, two reviews are too few for other parameters."""
    code = (
        "import resource, sys; from bot import optimizer; import io; sys.stdin = io.StringIO('[[1, 1780000000, 3]]')\n"
        "try:\n    optimizer.main()\nexcept ImportError:\n    pass\n"
        "print(resource.getrlimit(resource.RLIMIT_DATA)[1] == optimizer.MEMORY, file=sys.stderr)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[1] == optimizer.CPU_SECONDS, file=sys.stderr)\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert errors.decode().split()[-2:] == ["True", "True"]


@pytest.mark.skipif(installed_program() is None, reason="the extra `optimizer` is not installed")
async def test_the_library_s_optimizer_returns_valid_parameters():
    fitting = ParameterFitting(installed_program())
    assert len(await fitting.fit(REVIEWS)) == 21


# What the parameters are computed from


def test_the_reviews_of_a_card_stay_together_and_the_newest_cards_are_taken():
    history = [("c", f"q{number}", DAY * (number + 10 * time), 3) for time in range(2) for number in range(3)]
    reviews = training_reviews([*history, ("d", "q0", 99 * DAY, 1)])
    assert [card for card, _, _ in reviews] == [0, 1, 1, 2, 2, 3, 3]
    assert reviews[:3] == [(0, 99 * DAY, 1), (1, 2 * DAY, 3), (1, 12 * DAY, 3)]
    many = training_reviews(("c", f"q{number // 7}", number, 3) for number in range(2 * MAX_REVIEWS))
    assert MAX_REVIEWS - 7 < len(many) <= MAX_REVIEWS
    assert many[0][1] > many[-1][1]


def test_reviews_on_the_same_day_are_not_spaced():
    assert spaced([(1, 0, 3), (1, DAY - 1, 3), (1, 2 * DAY - 1, 3), (2, 5 * DAY, 3), (2, 6 * DAY, 1)]) == 2


# What is stored, and what it changes


def write_reviews(ada, count, *, apart=DAY, courses=("t-1",)):
    """``count`` reviews, each of one of ten cards, ``apart`` seconds after the previous one of that card."""
    at = int(ada.clock.moment.timestamp()) - 100 * DAY
    for number in range(count):
        moment = at + number // 10 * apart
        ada.rows(
            "insert into review (learner_id, number, course, question, reviewed_at, rating, correct, chosen)"
            " values (1, ?, ?, ?, ?, 3, 1, '0')",
            number + 1, courses[number % len(courses)], f"m{number % 10}", moment,
        )  # fmt: skip


def settings_of(ada, code=ANSWERING):
    return LearnerReviewSettings(ada.store, running(code) if code else None, now=ada.now)


async def fit(settings, course):
    await settings.fit(1, await settings.reviews_to_fit(1, course))


async def test_parameters_are_offered_from_400_reviews_on_and_only_with_the_optimizer(ada):
    write_reviews(ada, LEAST_REVIEWS - 1)
    assert not (await settings_of(ada).of(1)).can_fit
    with pytest.raises(Stale):
        await settings_of(ada).reviews_to_fit(1, ada.course)
    ada.rows("update review set number = number + 1000000")
    write_reviews(ada, 1)
    assert (await settings_of(ada).of(1)).can_fit
    assert not (await settings_of(ada, None).of(1)).can_fit
    with pytest.raises(Stale):
        await settings_of(ada, None).reviews_to_fit(1, ada.course)


async def test_too_few_spaced_reviews_are_counted_for_the_learner(ada):
    write_reviews(ada, 500)
    with pytest.raises(NothingYet, match=f"needs {LEAST_SPACED} answers .* You have 490 so far"):
        await settings_of(ada).reviews_to_fit(1, ada.course)


async def test_parameters_are_stored_used_and_reset(begun):
    write_reviews(begun, 530)
    settings = settings_of(begun)
    await fit(settings, begun.course)
    stored = (await settings.of(1)).stored
    assert (stored.tuning, stored.fitted_from) == (Tuning(90, MINE), 530)
    await begun.answer()
    at = int(begun.clock.moment.timestamp())
    assert begun.cards()["m1"] == tuple(apply_rating(None, 3, at, None, Tuning(90, MINE)))
    assert begun.cards()["m1"] != tuple(apply_rating(None, 3, at))
    assert begun.shown.due_by_rating[2].timestamp() == begun.cards()["m1"][4]
    begun.clock.move(days=9)
    card = apply_rating(None, 3, at, None, Tuning(90, MINE))
    now = int(begun.clock.moment.timestamp())
    assert (await begun.reviews.recall(1, begun.course))["m1"] == recall_now(card, now, Tuning(90, MINE))
    await settings.reset(1)
    assert (await settings.of(1)).stored.tuning == DEFAULT
    assert begun.rows("select retention, parameters, fitted_at, fitted_from from fsrs_setting") == [
        (90, None, None, None)
    ]


async def test_a_failed_computation_keeps_the_parameters(ada):
    write_reviews(ada, 530)
    await fit(settings_of(ada), ada.course)
    with pytest.raises(Busy):
        await fit(settings_of(ada, "raise SystemExit(1)"), ada.course)
    assert (await settings_of(ada).of(1)).stored.tuning.parameters == MINE


async def test_a_higher_target_brings_questions_back_sooner(begun):
    settings = begun.study.review_settings
    assert await settings.set_retention(1, 80) == 90
    assert await settings.set_retention(1, 95) == 80
    for refused in (79, 96, 0):
        with pytest.raises(Stale):
            await settings.set_retention(1, refused)
    shown = await begun.answer()
    assert shown.tuning == Tuning(95)
    later = replace(shown, tuning=Tuning(80)).due_by_rating
    assert shown.due_by_rating[3] < replace(shown, tuning=DEFAULT).due_by_rating[3] < later[3]
    assert later[3] - shown.at > timedelta(days=8)
    await begun.rate(4)
    assert begun.cards()["m1"][4] == shown.due_by_rating[3].timestamp()


async def test_the_target_stays_when_parameters_are_computed(ada):
    write_reviews(ada, 530)
    settings = settings_of(ada)
    await settings.set_retention(1, 85)
    await fit(settings, ada.course)
    assert (await settings.of(1)).stored.tuning == Tuning(85, MINE)
    await settings.reset(1)
    assert (await settings.of(1)).stored.tuning == Tuning(85)


async def test_settings_are_exported_and_deleted(ada):
    await ada.study.review_settings.set_retention(1, 85)
    assert (await ada.store.privacy.export(1))["fsrs_setting"][0]["retention"] == 85
    await ada.store.privacy.forget(1)
    assert (await ada.study.review_settings.of(1)).stored.tuning == DEFAULT


# In Discord


async def stats(sim):
    return await sim.press_old(sim.ada, "wm1:reviewstats:az-104")


@pytest.fixture
async def answered(sim, rows):
    """Ada has answered one question, and has a log of 530 reviews."""
    await sim.command(sim.ada, "complete", what="prerequisites")
    question = next(iter(sim.study.catalogue.banks["az-104"].questions))
    at = int(sim.study.now().timestamp())
    rows(
        "insert into card (learner_id, course, question, state, step, stability, difficulty, due_at, reviewed_at,"
        " rating) values (?, 'az-104', ?, 2, null, 9.0, 5.0, ?, ?, 3)", sim.ada.id, question, at + DAY, at - DAY,
    )  # fmt: skip
    for number in range(530):
        rows(
            "insert into review (learner_id, number, course, question, reviewed_at, rating, correct, chosen)"
            " values (?, ?, 'az-104', ?, ?, 3, 1, '0')",
            sim.ada.id, number + 1, f"q{number % 10}", at - 99 * DAY + number // 10 * DAY,
        )  # fmt: skip
    return sim


def chosen(reply):
    return [
        each["label"]
        for menu in parts(reply.message.components)
        if menu.get("type") == 3
        for each in menu["options"]
        if each.get("default")
    ]


async def test_the_target_is_selected_in_the_statistics_and_undone(answered, rows):
    sim = answered
    shown = await stats(sim)
    assert shown.private
    assert "Target: remember 90%, standard timing." in shown.text
    assert "Personalize timing" not in shown.buttons, "the optimizer isn't installed"
    assert chosen(shown) == ["Remember 90% · recommended"]
    reply = await sim.press(sim.ada, "wms1:retention:az-104", shown.message, "85")
    assert reply.text.startswith("✅ Target set to 85%, starting with your next answer.\n### AZ-104 review stats")
    assert chosen(reply) == ["Remember 85%"]
    await sim.restart()
    undone = await sim.click(sim.ada, reply, "Undo")
    assert "remember 90%" in undone.text
    assert "Undo" not in undone.buttons
    assert rows("select retention from fsrs_setting") == [(90,)]


async def test_timing_is_computed_at_the_learner_s_request_and_reset_after_a_question(answered, rows):
    sim = answered
    sim.study.review_settings._fitting = running(ANSWERING)
    shown = await stats(sim)
    assert "Personalize timing" in shown.buttons
    reply = await sim.click(sim.ada, shown, "Personalize timing")
    assert reply.private
    assert reply.text.startswith("✅ Timing set from your 530 answers, starting with your next one.")
    assert "your own timing from 530 answers" in reply.text
    assert "Update timing" in reply.buttons
    asked = await sim.click(sim.ada, reply, "Use standard timing")
    assert asked.text.startswith("### Use standard timing?")
    assert rows("select fitted_from from fsrs_setting") == [(530,)], "nothing changes before it is confirmed"
    reset = await sim.click(sim.ada, asked, "Use standard timing")
    assert reset.text.startswith("✅ Standard timing, starting with your next answer.")
    assert rows("select parameters from fsrs_setting") == [(None,)]


async def test_an_old_or_forged_button_changes_nothing(answered, rows):
    sim = answered
    for forged in ("wm1:retention:az-104:50", "wm1:retention:az-104", "wm1:retention:az-104:x", "wm1:fit:az-104"):
        assert "This button is out of date" in (await sim.press_old(sim.ada, forged)).text
    assert rows("select * from fsrs_setting") == []
