"""What a learner reports after an exam, through ``Study``: what ends, what can be undone, and what is planned."""

from datetime import date, timedelta

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.plan.outcome import Level, Result
from bot.core.plan.reminders import Rhythm
from bot.core.questions.bank import read_bank
from bot.errors import BadInput, NotAllowed, Stale
from bot.store.deliveries import ScheduleState
from bot.study import Study
from bot.study.delivery_kind import Refused
from bot.study.plan_settings import PlanSettings
from bot.study.review_results import AskedCard
from tests.delivery.plain import Chat, PlainMessenger, Process
from tests.outcome.conftest import EXAM

ADA, BEN = 1, 2
DAY = 86_400


@pytest.fixture
def chat(clock):
    return Chat(clock.now)


@pytest.fixture
def process(tiny, chat):
    return Process(tiny, PlainMessenger(chat))


async def remind(process, small, learner=ADA):
    """Give a learner a reminder, and with it a channel for direct messages."""
    await process.settings.set(learner, small, Rhythm(frozenset(range(7)), 18 * 60), process.messenger, 1)


def questions(chat, learner=ADA):
    return [each for each in chat.sent(learner) if type(each.content).__name__ == "OutcomeQuestion"]


@pytest.mark.parametrize("zone", [None, "Tokyo", "Los Angeles"])
async def test_passing_ends_everything_and_undo_restores_it(process, small, examined, rows, zone):
    if zone:
        await process.study.learners.set_zone(ADA, zone)
    await remind(process, small)
    await examined(shared=True)
    before = [rows("select * from plan"), rows("select exam_on, shared from exam"), rows("select state from reminder")]
    found = await process.study.outcomes.report(ADA, small, EXAM, Result.PASSED)
    assert (found.outcome.valid, found.outcome.readiness) == (date(2027, 11, 27), 0)
    assert await process.study.plans.find(ADA, small) is None
    assert rows("select state from reminder") == [("off",)]
    again = await process.study.outcomes.report(ADA, small, EXAM, Result.PASSED)
    assert again == found, "a second device"
    with pytest.raises(Stale):
        await process.study.outcomes.report(ADA, small, EXAM, Result.FAILED)
    assert await process.study.outcomes.undo(ADA, small, EXAM) == []
    after = [rows("select * from plan"), rows("select exam_on, shared from exam"), rows("select state from reminder")]
    assert after == before
    with pytest.raises(Stale):
        await process.study.outcomes.undo(ADA, small, EXAM)
    assert rows("select * from outcome") == []


async def test_undo_keeps_a_newer_plan(tiny, small, examined):
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.PASSED)
    await tiny.plans.set_exam(ADA, small, date(2027, 1, 8))
    await tiny.outcomes.undo(ADA, small, EXAM)
    assert await tiny.plans.exam(ADA, small) == date(2027, 1, 8)


async def test_asked_by_direct_message_once(process, small, examined, chat, clock, rows):
    await remind(process, small)
    await examined()
    clock.moment -= timedelta(seconds=1)
    await process.tick()
    assert questions(chat) == []
    for _ in range(3):
        clock.moment += timedelta(minutes=1)
        await process.tick()
    (message,) = questions(chat)
    assert (message.content.exam, message.channel) == (EXAM, ADA + 5000)
    assert process.study.exam_questions.news == set()


@pytest.mark.parametrize("change", ["move", "clear"])
async def test_a_new_date_cancels_the_question(process, small, examined, chat, clock, rows, change):
    await remind(process, small)
    await examined()
    if change == "move":
        await process.study.plans.set_exam(ADA, small, date(2026, 12, 4))
    else:
        await process.study.plans.clear(ADA, small, EXAM)
    await process.tick()
    assert questions(chat) == []
    clock.moment += timedelta(days=7)
    await process.tick()
    assert [each.content.exam for each in questions(chat)] == ([date(2026, 12, 4)] if change == "move" else [])


@pytest.mark.parametrize("why", ["no reminder", "closed", "late"])
async def test_otherwise_asked_at_the_next_command(process, small, examined, chat, clock, why):
    if why != "no reminder":
        await remind(process, small)
    await examined()
    if why == "closed":
        process.messenger.next("send", Refused("your direct messages are closed to me", ""))
    if why == "late":
        clock.moment += timedelta(days=4)
    for _ in range(2):
        await process.tick()
    assert questions(chat) == []
    assert process.study.exam_questions.news == {ADA}
    (question,) = await process.study.exam_questions.tell(ADA)
    assert question.exam == EXAM
    assert await process.study.exam_questions.tell(ADA) == []
    await process.tick()
    assert process.study.exam_questions.news == set()


async def test_a_failed_attempt_leads_to_a_plan_for_what_was_weak(tiny, small, examined, asker, clock, rows):
    for leaf in ("a/m/u", "a/m/v", "a/n/u"):
        await tiny.progress.complete(asker(), small.nodes[leaf])
    await examined(shared=True)
    found = await tiny.outcomes.report(ADA, small, EXAM, Result.FAILED)
    assert (found.attempts, found.earliest, found.proposed) == (1, date(2026, 11, 28), date(2026, 12, 12))
    assert await tiny.plans.exam(ADA, small) == EXAM, "nothing changes by itself"
    found = await tiny.outcomes.rate(ADA, small, EXAM, {"x": Level.WEAK, "y": Level.STRONG, "z": Level.WEAK})
    assert [domain.id for domain in found.rated(Level.WEAK)] == ["x"]
    with pytest.raises(BadInput):
        await tiny.outcomes.plan_retake(ADA, small, EXAM, date(2026, 11, 27))
    change = await tiny.outcomes.plan_retake(ADA, small, EXAM, found.proposed)
    made = change.now
    assert (made.exam, made.shared, made.focus, made.goal.baseline_minutes) == (found.proposed, False, ("x",), 120)
    assert {part.node.route for block in made.plan.blocks for part in block.slices} == {"a/m/u", "a/m/v"}
    clock.move(days=10)
    later = await tiny.plans.find(ADA, small)
    assert later.plan.blocks == (), "what was planned for past days counts as studied"
    restored = await tiny.plans.undo(ADA, small, change.undo)
    assert (restored.exam, restored.focus, rows("select * from plan_focus")) == (EXAM, (), [])


async def test_changing_the_hours_of_a_retake_keeps_its_focus(tiny, small, examined):
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.FAILED)
    await tiny.outcomes.rate(ADA, small, EXAM, {"y": Level.WEAK})
    made = (await tiny.outcomes.plan_retake(ADA, small, EXAM, date(2026, 12, 12))).now
    change = await tiny.plans.accept(ADA, small, made.fingerprint, "hours", "600")
    assert (change.now.focus, change.now.goal.baseline_minutes) == (("y",), 60)
    assert (await tiny.plans.undo(ADA, small, change.undo)).focus == ("y",)


async def test_the_second_attempt_waits_14_days(tiny, small, examined, clock):
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.FAILED)
    await tiny.plans.set_exam(ADA, small, date(2026, 11, 29))
    clock.move(days=2)
    found = await tiny.outcomes.report(ADA, small, date(2026, 11, 29), Result.FAILED)
    assert (found.attempts, found.earliest) == (2, date(2026, 12, 13))


async def test_counts_need_consent_and_undo_takes_them_out(tiny, small, examined, rows):
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.PASSED)
    assert rows("select * from outcome_count") == []
    for _ in range(2):
        await tiny.outcomes.count(ADA, small, EXAM, counted=True)
    assert rows("select * from outcome_count") == [("t-1", 0, 1, 0)]
    assert (await tiny.outcomes.tally(small, 9)).passed == 1
    await tiny.outcomes.undo(ADA, small, EXAM)
    assert rows("select passed, failed from outcome_count") == [(0, 0)]


async def test_readiness_is_that_of_the_exam_day(tiny, small, examined, asker, clock):
    await tiny.progress.complete(asker(), small.nodes["a/m"])
    await examined()
    await tiny.progress.complete(asker(), small.nodes["a/n"])
    assert (await tiny.readiness.of(ADA, small)).percent == 100
    assert (await tiny.outcomes.report(ADA, small, EXAM, Result.FAILED)).outcome.readiness == 50


async def test_reminded_of_the_renewal_three_times_until_it_is_renewed(process, small, examined, chat, clock, rows):
    await examined()
    await process.study.outcomes.report(ADA, small, EXAM, Result.PASSED)
    await remind(process, small)
    await process.settings.switch(ADA, small.id, ScheduleState.PAUSED)
    for _ in range(370):
        await process.tick(process.study.renewals)
        clock.move(days=1)
    sent = [each.content.on for each in chat.sent(ADA)]
    assert sent == [date(2027, 5, 27), date(2027, 9, 28), date(2027, 11, 13)]
    valid = await process.study.outcomes.renew(ADA, small, date(2027, 11, 27))
    assert valid == date(2028, 11, 27)
    with pytest.raises(Stale):
        await process.study.outcomes.renew(ADA, small, date(2027, 11, 27))
    assert rows("select notice_on from outcome") == [("2028-05-27",)]
    await process.study.outcomes.undo_renewal(ADA, small, valid, date(2027, 11, 27))
    assert rows("select valid_on, notice_on from outcome") == [("2027-11-27", None)]


async def test_only_visible_members_who_shared_are_on_the_wall(tiny, small, examined, asker, rows):
    await tiny.progress.join(asker(), small, visible=True)
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.PASSED)
    assert await tiny.outcome_sharing.wall(700, small) == []
    shared = await tiny.outcome_sharing.share(asker(), small, EXAM, 700, 5)
    assert shared.wanted
    assert shared.earlier is None
    assert (await tiny.outcome_sharing.share(asker(), small, EXAM, 700, 5)).earlier, "the row comes before the post"
    assert [each.learner for each in await tiny.outcome_sharing.wall(700, small)] == [ADA]
    assert await tiny.outcome_sharing.wall(701, small) == []
    await tiny.privacy.set_visibility(ADA, hidden=True)
    assert await tiny.outcome_sharing.wall(700, small) == []
    with pytest.raises(NotAllowed):
        await tiny.outcome_sharing.share(asker(), small, EXAM, 700, 5)
    posts = await tiny.outcomes.undo(ADA, small, EXAM)
    assert [post.server for post in posts] == [700]
    assert rows("select * from outcome_share") == []
    assert await tiny.announcements.outdated(ADA) == posts, "deleted later if that fails now"


async def test_export_and_deletion_cover_everything(tiny, small, examined, asker, rows):
    await examined()
    await tiny.outcomes.report(ADA, small, EXAM, Result.FAILED)
    await tiny.outcomes.rate(ADA, small, EXAM, {"x": Level.WEAK})
    await tiny.outcomes.plan_retake(ADA, small, EXAM, date(2026, 12, 12))
    tables = (await tiny.privacy.export(ADA))["tables"]
    assert (tables["outcome"][0]["result"], tables["outcome_domain"][0]["level"]) == ("failed", "weak")
    assert tables["plan_focus"] == [{"course": "t-1", "domain": "x"}]
    await tiny.privacy.forget(ADA)
    for table in ("outcome", "outcome_domain", "outcome_share", "plan_focus", "exam"):
        assert rows(f"select * from {table}") == []


@pytest.fixture
async def known(store, small, clock, rows):
    """``Study`` in which Ada has eight due questions of the small course."""
    questions = "questions:\n" + "\n".join(
        f"- {{id: q{number}, module: m, skill: x1, kind: single, difficulty: 1, prompt: What?, explanation: Because., "
        "options: [{text: This, right: true}, {text: That}, {text: Neither}]}"
        for number in range(8)
    )
    bank = read_bank({"a": questions}, small)
    study = await Study.open(store, Catalogue((small,), small.id, {small.id: bank}), now=clock.now)
    at = int(clock.now().timestamp())
    for number in range(8):
        rows(
            "insert into card (learner_id, course, question, state, step, stability, difficulty, due_at, reviewed_at,"
            " rating) values (?, 't-1', ?, 2, null, 5.0, 5.0, ?, ?, 3)",
            ADA, f"q{number}", at - DAY, at - 6 * DAY,
        )  # fmt: skip
    return study


async def answer_all(study, small):
    """Answer a round to its end. Return how many questions it had."""
    shown, count = await study.reviews.begin(ADA, small), 0
    while isinstance(shown, AskedCard):
        answered = await study.reviews.answer(ADA, small, shown.seed, "A", shown.fingerprint)
        shown = await study.reviews.rate(ADA, small, answered.seed, answered.rating or answered.default_rating)
        count += 1
    return count


async def test_after_a_pass_five_questions_a_week_are_offered(known, small, clock):
    assert await known.reviews.due(ADA, small) == 8
    await known.plans.set(ADA, small, PlanSettings(EXAM, 300))
    clock.moment = clock.moment.replace(day=28, hour=9, minute=0)
    await known.outcomes.report(ADA, small, EXAM, Result.PASSED)
    await known.outcomes.set_upkeep(ADA, small, EXAM, "weekly")
    assert await known.reviews.due(ADA, small) == 5
    assert await answer_all(known, small) == 5
    assert await known.reviews.due(ADA, small) == 0
    clock.move(days=60)
    assert await known.reviews.due(ADA, small) == 5
    await known.outcomes.set_upkeep(ADA, small, EXAM, "stopped")
    assert await known.reviews.due(ADA, small) == 0
