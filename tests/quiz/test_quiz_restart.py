"""A restart, an outage and a removal: a quiz ends politely, and nothing of it is left behind."""

import logging

import pytest

from tests.quiz.conftest import LOBBY, PAUSE, SECONDS, labels


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog):
    """What the bot logs as an error is a fault of ours."""
    caplog.set_level(logging.INFO)
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


async def settled(hall):
    """The new bot has done all that it does at its start, and an hour goes by without another word."""
    await hall.env.settle()
    count = len(hall.messages())
    assert hall.left_over() == [0, 0, 0]
    assert all(label == "Again" for message in hall.messages() for label in labels(message))
    for _ in range(4):
        await hall.env.advance_time(20)
    assert len(hall.messages()) == count


async def test_in_the_lobby(hall):
    lobby = await hall.start()
    await hall.click(hall.bruno, lobby, "Join")
    await hall.restart()
    await settled(hall)
    (text,) = hall.texts()
    assert "### Quiz ended: I was interrupted" in text


async def test_during_a_question(hall):
    await hall.start(hall.ada, hall.bruno)
    await hall.answer(hall.ada)
    await hall.answer(hall.bruno, right=False)
    await hall.env.advance_time(PAUSE)
    await hall.answer(hall.bruno)
    _, _, question = hall.at()
    await hall.restart()
    await settled(hall)
    assert len(hall.messages()) == 3
    text = hall.texts()[-1]
    assert "### Quiz ended: I was interrupted" in text
    assert "Question 2 of 2 doesn't count." in text
    assert question.explanation in text
    assert f"**After 1 question**\n**1st** <@{hall.ada.id}> · 1 of 1\n**2nd** <@{hall.bruno.id}> · 0 of 1" in text


async def test_during_the_first_question(hall):
    await hall.start(hall.ada)
    await hall.restart()
    await settled(hall)
    assert "Question 1 of 2 doesn't count." in hall.texts()[-1]
    assert "1st" not in hall.texts()[-1]


async def test_between_two_questions(hall):
    await hall.start(hall.ada)
    await hall.answer(hall.ada)
    _, _, question = hall.at()
    await hall.restart()
    await settled(hall)
    assert len(hall.messages()) == 2
    text = hall.texts()[-1]
    assert "### Quiz ended: I was interrupted" in text
    assert "doesn't count" not in text
    assert question.explanation in text
    assert f"**1st** <@{hall.ada.id}> · 1 of 1" in text


@pytest.mark.parametrize("asking", [True, False])
async def test_killed_before_it_knew_the_id_of_its_message(hall, asking):
    lobby = await hall.start()
    if asking:
        await hall.click(hall.ada, lobby, "Join")
        await hall.env.advance_time(LOBBY)
    hall.change("update quiz set message_id = null")
    await hall.restart()
    await settled(hall)
    assert len(hall.messages()) == 1 + asking
    assert "### Quiz ended: I was interrupted" in hall.texts()[-1]


async def test_killed_before_its_question_was_posted(hall):
    await hall.start(hall.ada)
    await hall.answer(hall.ada)
    hall.change("update quiz set message_id = null, number = 2, state = 'asking'")
    await hall.restart()
    await settled(hall)
    assert len(hall.messages()) == 3
    assert "### Quiz ended: I was interrupted" in hall.texts()[-1]
    assert f"**1st** <@{hall.ada.id}> · 1 of 1" in hall.texts()[-1]


async def test_killed_after_its_end_was_told(hall):
    """The row is still there: it is told once more, in the same message."""
    await hall.start(hall.ada)
    before = {name: hall.rows(f"select * from {name}") for name in ("quiz", "quiz_player")}
    await hall.restart()
    await hall.env.settle()
    for name, rows in before.items():
        for row in rows:
            hall.change(f"insert into {name} values ({', '.join('?' * len(row))})", *row)
    await hall.restart()
    await settled(hall)
    assert len(hall.messages()) == 2


async def test_old_buttons_after_a_restart(hall):
    lobby = await hall.start()
    made = [lobby.custom_id(label) for label in ("Join", "Start now", "Stop")]
    await hall.click(hall.ada, lobby, "Join")
    await hall.env.advance_time(LOBBY)
    quiz, _, _ = hall.at()
    await hall.restart()
    for each in (*made, f"wm1:quiz:{quiz}:1:A"):
        assert "This quiz is over. `/quiz` starts another." in (await hall.press_old(hall.ada, each)).text
    again = await hall.click(hall.cleo, hall.messages()[-1], "Again")
    assert "### Quiz: Deploy" in again.text
    assert hall.left_over() == [1, 1, 0]


async def test_its_questions_have_left_the_bank(hall, courses):
    await hall.start(hall.ada)
    await hall.restart(courses["az-104"])
    await settled(hall)
    assert "This question has been taken out since." in hall.texts()[-1]


async def test_a_start_leaves_what_this_process_runs(hall):
    """READY comes again after every reconnection."""
    await hall.start(hall.ada)
    await hall.reconnect(hall.guild.id)
    hall.announce(available=True)
    await hall.env.settle()
    await hall.answer(hall.ada)
    assert "**1 of 1 player had it right.**" in hall.texts()[-1]


async def test_a_server_in_an_outage_at_the_start_is_told_when_it_is_back(hall):
    await hall.start(hall.ada)
    hall.bot.quiz_runner.close()
    await hall.reconnect(hall.guild.id)
    await hall.env.advance_time(20)
    assert "Question 1 of 2\n" in hall.texts()[-1]
    assert hall.left_over() == [1, 1, 0]
    hall.announce(available=True)
    await settled(hall)
    assert "### Quiz ended: I was interrupted" in hall.texts()[-1]


async def test_an_outage_on_the_way(hall):
    await hall.start(hall.ada)
    hall.leave(unavailable=True)
    await hall.env.settle()
    await hall.env.advance_time(SECONDS + PAUSE)
    assert "closed" not in hall.texts()[-1], "nothing is asked of Discord meanwhile"
    assert hall.left_over() == [1, 1, 0]
    hall.announce(available=True)
    await settled(hall)
    assert "### Quiz ended: I was interrupted" in hall.texts()[-1]


async def test_a_server_that_removes_the_bot(hall):
    await hall.start(hall.ada)
    await hall.answer(hall.ada)
    hall.leave()
    await hall.env.settle()
    assert hall.left_over() == [0, 0, 0]
    await hall.env.advance_time(PAUSE + SECONDS)
    assert len(hall.messages()) == 2


async def test_a_server_that_removed_the_bot_while_it_was_away(hall):
    await hall.start(hall.ada)
    hall.change("update quiz set server_id = 4194304")
    await hall.restart()
    await hall.env.settle()
    assert hall.left_over() == [0, 0, 0]


async def test_what_was_left_behind_makes_room(hall):
    """A row that no task of this process runs doesn't keep its channel for ever."""
    await hall.start(hall.ada)
    hall.bot.quiz_runner.close()
    lobby = await hall.start()
    assert "### Quiz" in lobby.text
    assert hall.left_over() == [1, 1, 0]


async def test_a_stop_of_the_process_is_quiet(hall):
    await hall.start(hall.ada)
    await hall.bot.close()
    assert hall.left_over() == [1, 1, 0]


async def test_the_lobby_cant_be_posted(hall, caplog):
    hall.env.inject_error("POST", "/interactions/*/callback", status=400, times=1)
    await hall.command(hall.ada, "quiz")
    assert hall.left_over() == [0, 0, 0]
    assert hall.bot.quiz_runner._games == {}
    caplog.clear()
