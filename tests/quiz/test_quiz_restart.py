"""Restarts, outages and removals: a quiz is ended with a message, and its rows are deleted."""

import logging

import pytest

from tests.quiz.conftest import LOBBY, PAUSE, SECONDS, labels


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog):
    """Fail on unexpected warnings and errors in the log."""
    caplog.set_level(logging.INFO)
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


async def settled(quiz_sim):
    """Check that the new bot has finished its start, and posts nothing for an hour."""
    await quiz_sim.env.settle()
    count = len(quiz_sim.messages())
    assert quiz_sim.row_counts() == [0, 0, 0]
    assert all(label in ("Play again", "Report") for message in quiz_sim.messages() for label in labels(message))
    for _ in range(4):
        await quiz_sim.env.advance_time(20)
    assert len(quiz_sim.messages()) == count


async def test_in_the_lobby(quiz_sim):
    lobby = await quiz_sim.start()
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    await quiz_sim.restart()
    await settled(quiz_sim)
    (text,) = quiz_sim.texts()
    assert "### Quiz ended: I was interrupted" in text


async def test_during_a_question(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.bruno, right=False)
    await quiz_sim.env.advance_time(PAUSE)
    await quiz_sim.answer(quiz_sim.bruno)
    _, _, question = quiz_sim.at()
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert len(quiz_sim.messages()) == 3
    text = quiz_sim.texts()[-1]
    assert "### Quiz ended: I was interrupted" in text
    assert "Question 2 of 2 doesn't count." in text
    assert question.explanation in text
    assert (
        f"**After 1 question**\n🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 1\n**2nd** <@{quiz_sim.bruno.id}> · 0 of 1"
        in text
    )


async def test_during_the_first_question(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert "Question 1 of 2 doesn't count." in quiz_sim.texts()[-1]
    assert "1st" not in quiz_sim.texts()[-1]


async def test_between_two_questions(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.ada)
    _, _, question = quiz_sim.at()
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert len(quiz_sim.messages()) == 2
    text = quiz_sim.texts()[-1]
    assert "### Quiz ended: I was interrupted" in text
    assert "doesn't count" not in text
    assert question.explanation in text
    assert f"🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 1" in text


@pytest.mark.parametrize("asking", [True, False])
async def test_killed_before_the_message_id_was_stored(quiz_sim, asking):
    await quiz_sim.start()
    if asking:
        await quiz_sim.env.advance_time(LOBBY)
    quiz_sim.change("update quiz set message_id = null")
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert len(quiz_sim.messages()) == 1 + asking
    assert "### Quiz ended: I was interrupted" in quiz_sim.texts()[-1]


async def test_killed_before_its_question_was_posted(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.ada)
    quiz_sim.change("update quiz set message_id = null, number = 2, state = 'asking'")
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert len(quiz_sim.messages()) == 3
    assert "### Quiz ended: I was interrupted" in quiz_sim.texts()[-1]
    assert f"🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 1" in quiz_sim.texts()[-1]


async def test_killed_after_the_end_was_posted(quiz_sim):
    """The row still exists, so the same message is edited again."""
    await quiz_sim.start(quiz_sim.ada)
    before = {name: quiz_sim.rows(f"select * from {name}") for name in ("quiz", "quiz_player")}
    await quiz_sim.restart()
    await quiz_sim.env.settle()
    for name, rows in before.items():
        for row in rows:
            quiz_sim.change(f"insert into {name} values ({', '.join('?' * len(row))})", *row)
    await quiz_sim.restart()
    await settled(quiz_sim)
    assert len(quiz_sim.messages()) == 2


async def test_old_buttons_after_a_restart(quiz_sim):
    lobby = await quiz_sim.start()
    made = [lobby.custom_id(label) for label in ("Join", "Start now", "Stop")]
    await quiz_sim.env.advance_time(LOBBY)
    quiz, _, _ = quiz_sim.at()
    await quiz_sim.restart()
    for each in (*made, f"wm1:quiz:{quiz}:1:A"):
        assert "This quiz is over." in (await quiz_sim.press_old(quiz_sim.ada, each)).text
    again = await quiz_sim.click(quiz_sim.cleo, quiz_sim.messages()[-1], "Play again")
    assert "### Quiz: Deploy" in again.text
    assert quiz_sim.row_counts() == [1, 1, 0]


async def test_its_questions_have_left_the_bank(quiz_sim, courses):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.restart(courses["az-104"])
    await settled(quiz_sim)
    assert "This question has been removed." in quiz_sim.texts()[-1]


async def test_a_reconnection_keeps_running_quizzes(quiz_sim):
    """READY is received after every reconnection."""
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.reconnect(quiz_sim.guild.id)
    quiz_sim.dispatch_guild(available=True)
    await quiz_sim.env.settle()
    await quiz_sim.answer(quiz_sim.ada)
    assert "**1 of 1 player got it right.**" in quiz_sim.texts()[-1]


async def test_a_server_in_an_outage_at_the_start_is_handled_later(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.bot.quiz_runner.close()
    await quiz_sim.reconnect(quiz_sim.guild.id)
    await quiz_sim.env.advance_time(20)
    assert "Question 1 of 2\n" in quiz_sim.texts()[-1]
    assert quiz_sim.row_counts() == [1, 1, 0]
    quiz_sim.dispatch_guild(available=True)
    await settled(quiz_sim)
    assert "### Quiz ended: I was interrupted" in quiz_sim.texts()[-1]


async def test_an_outage_during_a_quiz(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.remove_guild(unavailable=True)
    await quiz_sim.env.settle()
    await quiz_sim.env.advance_time(SECONDS + PAUSE)
    assert "closed" not in quiz_sim.texts()[-1], "no requests in the meantime"
    assert quiz_sim.row_counts() == [1, 1, 0]
    quiz_sim.dispatch_guild(available=True)
    await settled(quiz_sim)
    assert "### Quiz ended: I was interrupted" in quiz_sim.texts()[-1]


async def test_a_server_that_removes_the_bot(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.ada)
    quiz_sim.remove_guild()
    await quiz_sim.env.settle()
    assert quiz_sim.row_counts() == [0, 0, 0]
    await quiz_sim.env.advance_time(PAUSE + SECONDS)
    assert len(quiz_sim.messages()) == 2


async def test_a_server_that_removed_the_bot_while_it_was_away(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.change("update quiz set server_id = 4194304")
    await quiz_sim.restart()
    await quiz_sim.env.settle()
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_an_abandoned_quiz_does_not_block_its_channel(quiz_sim):
    """A row that no task of this process runs doesn't keep its channel for ever."""
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.bot.quiz_runner.close()
    lobby = await quiz_sim.start()
    assert "### Quiz" in lobby.text
    assert quiz_sim.row_counts() == [1, 1, 0]


async def test_a_stop_posts_nothing(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.bot.close()
    assert quiz_sim.row_counts() == [1, 1, 0]


async def test_the_lobby_cant_be_posted(quiz_sim, caplog):
    quiz_sim.env.inject_error("POST", "/interactions/*/callback", status=400, times=1)
    await quiz_sim.command(quiz_sim.ada, "quiz")
    assert quiz_sim.row_counts() == [0, 0, 0]
    assert quiz_sim.bot.quiz_runner._running == {}
    caplog.clear()
