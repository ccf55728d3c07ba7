"""The question of the day without Discord: posts, answers, counts, pauses, and what is deleted."""

from datetime import timedelta

import pytest

from bot.errors import NotFound, Stale
from bot.store.deliveries import ScheduleState
from bot.study.daily_question_delivery import NOBODY
from bot.study.delivery_kind import Refused
from tests.daily_question.conftest import CHANNEL, MANAGER, SERVER, letter_of

pytestmark = pytest.mark.usefixtures("on")


@pytest.fixture
def answer(process, slot, store):
    """Answers today's question, or that of a slot."""

    async def answer(learner, *, right=True, at=None):
        post = await store.daily_questions.post(SERVER, at or slot())
        letter = letter_of(process.study.daily_questions.posted(post), right=right)
        return (await process.study.daily_questions.answer(learner, SERVER, post.slot, letter)).answer

    return answer


def last(chat):
    return chat.sent(SERVER)[-1].content


async def test_no_question_is_repeated_until_all_five_were_asked(day, chat):
    await day(10)
    asked = [message.content.posted.question.id for message in chat.sent(SERVER)]
    assert len(asked) == 10
    assert sorted(asked[:5]) == sorted(asked[5:]) == ["q0", "q1", "q2", "q3", "q4"]


async def test_a_retry_asks_the_same_question(process, day, clock, chat, rows):
    process.messenger.next("send", OSError("lost"))
    with pytest.raises(OSError, match="lost"):
        await day()
    chosen = rows("select question from daily_post")
    clock.move(minutes=10)
    await process.tick()
    assert [(last(chat).posted.question.id,)] == chosen == rows("select question from daily_post")


async def test_a_second_answer_changes_nothing(day, answer, rows):
    await day()
    first = await answer(1, right=False)
    before = [rows(f"select * from {table} order by 1, 2") for table in ("daily_answer", "card", "review", "mistake")]
    again = await answer(1, right=True)
    assert (first.fresh, first.correct) == (True, False)
    assert (again.fresh, again.choice, again.correct) == (False, first.choice, False)
    assert before == [
        rows(f"select * from {table} order by 1, 2") for table in ("daily_answer", "card", "review", "mistake")
    ]


async def test_an_answer_feeds_reviews_mistakes_and_streak(day, answer, rows):
    await day()
    await answer(1, right=False)
    await answer(2)
    assert rows("select learner_id, source, counted, correct from review order by 1") == [
        (1, "daily", 1, 0), (2, "daily", 1, 1)
    ]  # fmt: skip
    assert rows("select learner_id from mistake") == [(1,)]
    assert rows("select learner_id from study_day order by 1") == [(1,), (2,)]
    assert rows("select count(*) from card") == [(2,)]


async def test_a_guess_stays_on_the_list_of_mistakes_and_comes_back_sooner(process, day, answer, rows, slot):
    await day()
    await answer(1)
    due = rows("select due_at from card")
    assert rows("select count(*) from mistake") == [(0,)]
    for _ in range(2):
        guessed = await process.study.daily_questions.guess(1, SERVER, slot())
        assert guessed.answer.guessed
    assert rows("select learner_id from mistake") == [(1,)]
    assert rows("select rating, guessed from review") == [(2, 1)]
    assert rows("select due_at from card") < due
    await answer(2, right=False)
    with pytest.raises(Stale):
        await process.study.daily_questions.guess(2, SERVER, slot())
    first = slot()
    await day()
    await answer(1)
    with pytest.raises(Stale, match="other questions since"):
        await process.study.daily_questions.guess(1, SERVER, first)


async def test_the_next_post_reveals_how_many_chose_what(process, day, answer, chat, slot):
    await day()
    assert last(chat).reveal is None
    for learner in (1, 2, 3):
        await answer(learner)
    await answer(4, right=False)
    asked, first = last(chat).posted.question, slot()
    await day()
    reveal = last(chat).reveal
    assert reveal.posted.question is asked
    assert (reveal.answers, reveal.right) == (4, 3)
    assert reveal.tally[asked.right[0]] == 3
    assert reveal.link == f"https://discord.com/channels/{SERVER}/{CHANNEL}/1"
    assert chat.threads == [(CHANNEL, 1, f"Question of the day, {first}")]
    assert reveal.thread == f"https://discord.com/channels/{SERVER}/1"


async def test_a_late_answer_is_private_and_not_counted(process, day, answer, chat, slot, store):
    await day()
    first = slot()
    await answer(1)
    await day()
    late = await answer(2, right=False, at=first)
    assert (late.fresh, late.late) == (True, True)
    assert sum((await store.daily_questions.tally(SERVER, first)).values()) == 1
    await day()
    assert last(chat).reveal.answers == 0, "today's reveal is about the day before"


async def test_a_skipped_day_neither_loses_nor_repeats_a_reveal(process, day, answer, chat, clock, rows):
    await day()
    first = last(chat).posted.question
    await answer(1)
    chat.allows = Refused("no", "nothing")
    await day()  # suspended
    clock.move(hours=7)
    chat.allows = "everything"
    await process.tick()
    await day()
    assert last(chat).reveal.posted.question is first
    assert last(chat).reveal.answers == 1
    await day()
    assert last(chat).reveal.posted.question is not first


async def test_without_permission_for_threads_the_reveal_comes_all_the_same(process, day, answer, chat, store):
    await day()
    process.messenger.next("discuss", Refused("I'm missing **Create Public Threads**", ""))
    await day()
    assert last(chat).reveal.thread == ""
    assert "Create Public Threads" in (await store.daily_questions.of(SERVER)).thread_reason
    await day()
    assert last(chat).reveal.thread
    assert (await store.daily_questions.of(SERVER)).thread_reason is None


async def test_after_14_days_without_answers_it_pauses_and_tells_who_set_it_up(process, day, answer, chat, store):
    await day(5)
    await answer(1)
    await day(13)
    assert (await store.daily_questions.of(SERVER)).state is ScheduleState.ON
    await day(2)
    daily = await store.daily_questions.of(SERVER)
    assert (daily.state, daily.reason) == (ScheduleState.PAUSED, NOBODY)
    sent = len(chat.sent(SERVER))
    await day(3)
    assert len(chat.sent(SERVER)) == sent
    ((server, user, notice),) = chat.notices
    assert (server, user, notice.state, notice.reason) == (SERVER, MANAGER, ScheduleState.PAUSED, NOBODY)
    await process.study.daily_question_setup.save(
        SERVER, MANAGER, await process.study.daily_question_setup.draft(
            await process.study.daily_question_setup.status(SERVER, MANAGER), channel=0, thread=False
        )
    )  # fmt: skip
    await day(13)
    assert len(chat.sent(SERVER)) == sent + 13, "resumed for another 14 days"


async def test_it_is_skipped_when_it_is_more_than_six_hours_late(process, day, clock, chat, rows):
    await day()
    clock.move(days=1, hours=6)
    await process.tick()
    assert len(chat.sent(SERVER)) == 1
    assert rows("select state, reason from delivery order by slot_at")[-1] == (
        "skipped", "it was more than 6 hours late"
    )  # fmt: skip


async def test_wrong_buttons_are_refused(process, day, slot):
    await day()
    questions = process.study.daily_questions
    with pytest.raises(NotFound, match="no longer available"):
        await questions.answer(1, SERVER, "2020-01-01", "A")
    with pytest.raises(NotFound):
        await questions.answer(1, 701, slot(), "A")
    with pytest.raises(Stale):
        await questions.answer(1, SERVER, slot(), "F")


async def test_deleting_a_learner_keeps_the_numbers_of_past_questions(process, day, answer, store, rows, slot):
    await day()
    first = slot()
    await answer(1)
    await day()
    await answer(1)
    assert len((await store.privacy.export(1))["daily_answer"]) == 2
    await process.study.privacy.forget(1)
    assert rows("select count(*) from daily_answer") == [(0,)]
    assert sum((await store.daily_questions.tally(SERVER, first)).values()) == 1
    assert await store.daily_answers.count(SERVER, slot()) == 0


async def test_everything_goes_with_a_server_that_removed_the_bot(process, day, answer, clock, rows):
    await day()
    await answer(1)
    await day()
    await process.study.servers.removed(SERVER)
    clock.move(days=29)
    assert await process.study.servers.purge() == []
    clock.move(days=2)
    assert await process.study.servers.purge() == [SERVER]
    for table in ("daily_question", "daily_post", "daily_answer", "daily_tally"):
        assert rows(f"select count(*) from {table}") == [(0,)], table
    assert rows("select count(*) from card") == [(1,)], "what the member learned stays"


async def test_the_digest_s_week_counts_answers_and_names_the_best_and_least_known(process, day, answer, clock):
    since = clock.now()
    week = process.study.daily_questions.week
    assert await week(SERVER, "t-1", since, clock.now() + timedelta(days=1)) is None
    for right in (3, 1, 2):
        await day()
        for learner in range(1, 4):
            await answer(learner, right=learner <= right)
    await day()
    await answer(9)
    found = await week(SERVER, "t-1", since, clock.now() + timedelta(days=1))
    assert (found.answers, found.members) == (10, 4)
    assert [(each.right, each.answers) for each in (found.best, found.least)] == [(3, 3), (1, 3)]
    assert found.best.link.startswith(f"https://discord.com/channels/{SERVER}/{CHANNEL}/")
    later = await week(SERVER, "t-1", clock.now(), clock.now() + timedelta(days=7))
    assert (later.answers, later.best) == (1, None), "the last question isn't revealed, and had one answer"
    assert await week(SERVER, "t-2", since, clock.now() + timedelta(days=1)) is None
