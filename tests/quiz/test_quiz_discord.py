"""A quiz through the whole bot."""

import json
import logging

import discord
import pytest

from bot.views.limits import message_faults
from tests.quiz.conftest import LOBBY, PAUSE, SECONDS, custom_id, labels

WRONG = "Something went wrong on my side"


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog):
    """What the bot logs as an error is a fault of ours."""
    caplog.set_level(logging.INFO)
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


# --- A round ----------------------------------------------------------------------------------------------------------


async def test_a_whole_round_with_three_players(hall):
    lobby = await hall.start()
    assert not lobby.private
    assert "### Quiz: Deploy and manage Azure compute resources\n**2 questions**, 30 s each" in lobby.text
    assert f"Started by <@{hall.ada.id}> · nobody has joined yet" in lobby.text
    assert f"Starts <t:{int(hall.env.now().timestamp()) + LOBBY}:R>" in lobby.text
    assert lobby.buttons == ["Join", "Start now", "Stop"]
    for number, who in enumerate((hall.ada, hall.bruno, hall.cleo), 1):
        joined = await hall.click(who, lobby, "Join")
        assert joined.private
        assert "You are in." in joined.text
        assert f"{number} joined" in hall.texts()[0]
    await hall.env.advance_time(LOBBY - 1)
    assert len(hall.messages()) == 1
    await hall.env.advance_time(1)
    assert labels(hall.messages()[0]) == [], "the lobby is closed"
    (_, first) = hall.texts()
    assert "### Question 1 of 2" in first
    assert f"Closes <t:{int(hall.env.now().timestamp()) + SECONDS}:R>" in first

    # The first question: two right, one wrong, in time.
    _, _, question = hall.at()
    noted = await hall.answer(hall.ada)
    assert noted.private
    assert f"Noted: **{hall.said(right=True)}**. You can change it until it closes." in noted.text
    await hall.env.advance_time(5)
    await hall.answer(hall.bruno)
    assert hall.texts()[1] == first, "answers stay hidden"
    assert question.explanation not in hall.texts()[1]
    await hall.answer(hall.cleo, right=False)
    # All have answered: it closes now.
    (_, first) = hall.texts()
    assert "### Question 1 of 2 · closed\n**2 of 3 players had it right.**" in first
    assert f"{question.texts[question.right[0]]} · right" in first
    assert question.explanation in first
    assert f"]({question.reference})" in first
    assert labels(hall.messages()[1]) == []
    await hall.env.advance_time(PAUSE - 1)
    assert len(hall.messages()) == 2
    await hall.env.advance_time(1)
    assert "### Question 2 of 2\n" in hall.texts()[2]

    # The second one: Cleo doesn't answer, so the time runs out.
    await hall.answer(hall.ada, right=False)
    await hall.answer(hall.bruno)
    await hall.env.advance_time(SECONDS - 1)
    assert "closed" not in hall.texts()[2]
    await hall.env.advance_time(1)
    assert "### Question 2 of 2 · closed\n**1 of 3 players had it right.**" in hall.texts()[2]
    scores = hall.texts()[3]
    assert "### Quiz over: the scores" in scores
    assert (
        f"**1st** <@{hall.bruno.id}> · 2 of 2\n**2nd** <@{hall.ada.id}> · 1 of 2\n**3rd** <@{hall.cleo.id}> · 0 of 2"
    ) in scores
    assert hall.labels() == ["Again"]
    assert hall.left_over() == [0, 0, 0]
    await hall.env.advance_time(300)
    assert len(hall.messages()) == 4


async def test_all_that_is_sent_is_within_discords_limits_and_pings_nobody(hall):
    await hall.start(hall.ada, count=20)
    for _ in range(20):
        await hall.answer(hall.ada)
        await hall.env.advance_time(PAUSE)
    assert "20 of 20" in hall.texts()[-1]
    told = [body.get("data", body) for place in ("/callback", "/messages") for body in hall.sent(place) if body]
    assert len(told) > 60
    for message in told:
        assert message_faults(message["components"]) == []
        assert message["allowed_mentions"] == {"parse": []}


async def test_what_is_posted_is_posted_once_though_its_answer_is_lost(hall):
    """The library asks again after a dropped socket: Discord knows the message by its nonce."""
    await hall.start(hall.ada, count=2)
    for _ in range(2):
        await hall.answer(hall.ada)
        await hall.env.advance_time(PAUSE)
    posts = [each.json for each in hall.requests("POST")]
    assert len(posts) == 3, "two questions and the scores"
    assert all(each["enforce_nonce"] for each in posts)
    nonces = [each["nonce"] for each in posts]
    assert len(set(nonces)) == 3
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_an_answer_can_be_changed_until_it_closes(hall):
    await hall.start(hall.ada, hall.bruno)
    await hall.answer(hall.ada, right=False)
    assert f"Noted: **{hall.said(right=True)}**" in (await hall.answer(hall.ada)).text
    assert hall.rows("select correct from quiz_answer") == [(1,)]
    await hall.answer(hall.bruno, right=False)
    assert "**1 of 2 players had it right.**" in hall.texts()[-1]


async def test_who_answers_has_joined(hall):
    await hall.start(hall.ada, hall.bruno)
    await hall.answer(hall.cleo)
    await hall.answer(hall.ada)
    assert "closed" not in hall.texts()[-1], "Bruno hasn't answered"
    await hall.answer(hall.bruno)
    assert "**3 of 3 players had it right.**" in hall.texts()[-1]


async def test_a_late_answer_is_refused_in_a_sentence(hall):
    await hall.start(hall.ada, hall.bruno)
    quiz, _, _ = hall.at()
    made = f"wm1:quiz:{quiz}:1:A"
    await hall.env.advance_time(SECONDS)
    assert "**Nobody answered.**" in hall.texts()[-1]
    late = await hall.press_old(hall.ada, made)
    assert late.private
    assert "This question has closed. The next one comes soon." in late.text
    await hall.env.advance_time(PAUSE)
    late = await hall.press_old(hall.ada, made)
    assert "This question has closed." in late.text
    assert hall.rows("select count(*) from quiz_answer") == [(0,)]
    await hall.answer(hall.ada)
    await hall.answer(hall.bruno)
    late = await hall.press_old(hall.ada, made)
    assert "This quiz is over. `/quiz` starts another." in late.text
    assert hall.left_over() == [0, 0, 0]


async def test_an_answer_at_the_moment_of_the_close_is_refused(hall):
    """Its time has come, though the process that closes it is late."""
    await hall.start(hall.ada, hall.bruno)
    hall.env.backend.advance_clock(SECONDS)
    late = await hall.answer(hall.ada)
    assert "This question has closed." in late.text
    assert hall.rows("select count(*) from quiz_answer") == [(0,)]


async def test_nobody_joined(hall):
    await hall.start()
    await hall.env.advance_time(LOBBY)
    (text,) = hall.texts()
    assert "### Quiz ended: nobody joined" in text
    assert hall.labels() == ["Again"]
    assert hall.left_over() == [0, 0, 0]


async def test_nobody_answers_any_more(hall):
    await hall.start(hall.ada, hall.bruno, count=5)
    await hall.answer(hall.ada)
    for _ in range(3):
        await hall.env.advance_time(SECONDS + PAUSE)
    assert len(hall.messages()) == 4
    assert "### Quiz ended: nobody answered any more" in hall.texts()[-1]
    assert "**After 3 questions**" in hall.texts()[-1]
    assert f"**1st** <@{hall.ada.id}> · 1 of 3\n**2nd** <@{hall.bruno.id}> · 0 of 3" in hall.texts()[-1]
    assert hall.left_over() == [0, 0, 0]


async def test_again_is_the_same_with_other_questions(hall):
    lobby = await hall.start(count=1, seconds=45)
    join = lobby.custom_id("Join")
    await hall.click(hall.bruno, lobby, "Join")
    await hall.env.advance_time(LOBBY)
    await hall.answer(hall.bruno)
    again = await hall.click(hall.cleo, hall.messages()[-1], "Again")
    assert not again.private
    assert "**1 question**, 45 s each" in again.text
    assert "Deploy and manage" in again.text
    assert f"Started by <@{hall.cleo.id}>" in again.text
    assert hall.left_over() == [1, 1, 0]
    assert again.custom_id("Join") != join
    assert "This quiz is over" in (await hall.press_old(hall.ada, join)).text


async def test_again_of_all_of_the_course(hall):
    lobby = await hall.command(hall.ada, "quiz", count=1)
    await hall.click(hall.bruno, lobby, "Join")
    await hall.click(hall.ada, lobby, "Start now")
    assert "Microsoft Azure Administrator" in hall.texts()[0]
    await hall.answer(hall.bruno)
    again = await hall.click(hall.cleo, hall.messages()[-1], "Again")
    assert "Microsoft Azure Administrator" in again.text


# --- Start now and Stop -----------------------------------------------------------------------------------------------


async def test_start_now_is_for_the_host_and_needs_a_player(hall):
    lobby = await hall.start()
    assert "Nobody has joined yet" in (await hall.click(hall.ada, lobby, "Start now")).text
    await hall.click(hall.bruno, lobby, "Join")
    assert "Only whoever began" in (await hall.click(hall.bruno, lobby, "Start now")).text
    assert len(hall.messages()) == 1
    await hall.click(hall.ada, lobby, "Start now")
    assert "Question 1 of 2" in hall.texts()[1]
    assert "1 joined" in hall.texts()[0]
    assert labels(hall.messages()[0]) == []


async def test_stop_in_the_lobby(hall):
    lobby = await hall.start()
    await hall.click(hall.bruno, lobby, "Join")
    refused = await hall.click(hall.bruno, lobby, "Stop")
    assert "Only whoever began this quiz, or somebody with Manage Messages, can stop it." in refused.text
    assert hall.left_over() == [1, 2, 0]
    await hall.click(hall.ada, lobby, "Stop")
    assert "### Quiz ended: it was stopped" in hall.texts()[0]
    assert hall.left_over() == [0, 0, 0]


@pytest.mark.parametrize("permission", ["manage_messages", "manage_guild"])
async def test_a_moderator_stops_a_question(hall, permission):
    role = hall.guild.create_role(
        "moderators", permissions=discord.Permissions(view_channel=True, **{permission: True})
    )
    mia = hall.guild.add_member(hall.env.create_user("mia"), roles=[role])
    await hall.start(hall.ada, hall.bruno)
    await hall.answer(hall.ada)
    await hall.answer(hall.bruno, right=False)
    await hall.env.advance_time(PAUSE)
    await hall.answer(hall.bruno)
    _, _, question = hall.at()
    await hall.click(mia, hall.messages()[-1], "Stop the quiz")
    ended = hall.texts()[-1]
    assert len(hall.messages()) == 3
    assert "### Quiz ended: it was stopped" in ended
    assert question.explanation in ended
    assert "Question 2 of 2 doesn't count." in ended
    assert f"**After 1 question**\n**1st** <@{hall.ada.id}> · 1 of 1\n**2nd** <@{hall.bruno.id}> · 0 of 1" in ended
    assert hall.labels() == ["Again"]
    assert hall.left_over() == [0, 0, 0]
    await hall.env.advance_time(300)
    assert len(hall.messages()) == 3


async def test_a_stop_in_the_pause(hall):
    await hall.start(hall.ada)
    open_one = hall.messages()[-1]
    made = custom_id(open_one, "Stop the quiz")
    await hall.answer(hall.ada)
    await hall.press_old(hall.ada, made)
    assert "### Quiz ended: it was stopped" in hall.texts()[-1]
    assert "doesn't count" not in hall.texts()[-1]
    assert f"<@{hall.ada.id}> · 1 of 1" in hall.texts()[-1]
    assert hall.left_over() == [0, 0, 0]


# --- Where it can't be ------------------------------------------------------------------------------------------------


async def test_not_in_direct_messages(hall):
    refused = await hall.command(hall.ada.user, "quiz")
    assert "A quiz is for a channel of a server" in refused.text
    assert hall.left_over() == [0, 0, 0]


@pytest.mark.parametrize("permission", ["send_messages", "view_channel"])
async def test_not_where_the_bot_may_not_write(hall, permission):
    hall.allow(**{permission: False})
    refused = await hall.command(hall.ada, "quiz")
    assert refused.private
    assert "I can't post questions here: I need the permissions View Channel and Send Messages." in refused.text
    assert hall.left_over() == [0, 0, 0]


async def test_a_course_without_questions(hall):
    refused = await hall.command(hall.ada, "quiz", course="az-900")
    assert refused.private
    assert "There are no questions on AZ-900 yet. There are for AZ-104" in refused.text


async def test_a_path_that_is_none(hall):
    assert "has no learning path" in (await hall.command(hall.ada, "quiz", path="depoly")).text
    assert hall.left_over() == [0, 0, 0]


async def test_one_in_a_channel(hall):
    await hall.start(hall.ada)
    other = await hall.command(hall.bruno, "quiz", path="monitor")
    assert other.private
    assert "A quiz on **Deploy and manage Azure compute resources** is going on here: question 1 of 2." in other.text
    assert f"/{hall.channel.id}/{hall.messages()[-1].id})" in other.text
    assert hall.left_over() == [1, 1, 0]


async def test_two_at_once_in_a_channel(hall):
    replies = await hall.at_once(*(hall.command(who, "quiz") for who in (hall.ada, hall.bruno, hall.cleo)))
    assert sorted(reply.private for reply in replies) == [False, True, True]
    assert sum("is going on here: it is about to start" in reply.text for reply in replies) == 2
    assert hall.left_over()[0] == 1


async def test_two_channels_have_one_each(hall):
    await hall.start(hall.ada)
    other = hall.channel
    hall.channel = hall.news
    lobby = await hall.command(hall.bruno, "quiz", count=1)
    await hall.click(hall.bruno, lobby, "Join")
    await hall.click(hall.bruno, lobby, "Start now")
    assert hall.left_over() == [2, 2, 0]
    await hall.env.advance_time(SECONDS)
    assert "Quiz over" in hall.texts(hall.news)[-1]
    assert "closed" in hall.texts(other)[-1]
    await hall.env.advance_time(PAUSE)
    assert "Question 2 of 2\n" in hall.texts(other)[-1]


async def test_thirty_players_answer_at_once(hall):
    crowd = [hall.guild.add_member(hall.env.create_user(f"student{number:02}")) for number in range(30)]
    lobby = await hall.start(count=1)
    replies = await hall.all_press([(who, lobby.custom_id("Join")) for who in crowd], lobby.message)
    assert [reply.text for reply in replies if "You are in." not in reply.text] == []
    assert "30 joined" in hall.texts()[0]
    await hall.click(hall.ada, lobby, "Start now")
    quiz, _, _ = hall.at()
    letters = {right: hall.letter(right=right) for right in (True, False)}
    presses = [(who, f"wm1:quiz:{quiz}:1:{letters[number % 3 > 0]}") for number, who in enumerate(crowd)]
    replies = await hall.all_press(presses, hall.messages()[-1])
    assert [reply.text for reply in replies if "Noted" not in reply.text] == []
    assert "**20 of 30 players had it right.**" in hall.texts()[1]
    scores = hall.texts()[2]
    assert scores.count("**1st** <@") == 10
    assert "and 20 more" in scores
    assert hall.left_over() == [0, 0, 0]


# --- Privacy ----------------------------------------------------------------------------------------------------------


async def test_a_hidden_member_plays_and_is_not_named(hall):
    for who in (hall.ada, hall.bruno):
        await hall.command(who, "privacy visibility", setting="hidden")
    lobby = await hall.start()
    assert "Started by a hidden member" in lobby.text
    joined = await hall.click(hall.ada, lobby, "Join")
    assert "You are hidden, so the scores don't name you" in joined.text
    assert "hidden" not in (await hall.click(hall.cleo, lobby, "Join")).text
    await hall.env.advance_time(LOBBY)
    noted = await hall.answer(hall.bruno)
    assert "You are hidden, so the scores don't name you" in noted.text, "joins by answering"
    assert "hidden" not in (await hall.answer(hall.bruno)).text, "once"
    await hall.answer(hall.ada)
    await hall.answer(hall.cleo, right=False)
    assert "**2 of 3 players had it right.**" in hall.texts()[1]
    await hall.env.advance_time(PAUSE + SECONDS)
    assert "**1st** a hidden member · 1 of 2\n**1st** a hidden member · 1 of 2\n**3rd** <@" in hall.texts()[-1]
    public = "\n".join(hall.texts())
    assert str(hall.ada.id) not in public
    assert str(hall.bruno.id) not in public


async def test_export_and_forget_during_a_round(hall):
    await hall.start(hall.ada, hall.bruno)
    await hall.answer(hall.ada)
    exported = hall.file(await hall.command(hall.ada, "privacy export"))["tables"]
    quiz, _, _ = hall.at()
    assert exported["quiz_player"] == [{"quiz_id": str(quiz), "host": 1, "playing": 1}]
    (answer,) = exported["quiz_answer"]
    assert (answer["number"], answer["correct"]) == (1, 1)
    assert "the quizzes under way that you take part in" in (await hall.command(hall.ada, "privacy show")).text
    confirm = await hall.command(hall.ada, "privacy forget")
    await hall.click(hall.ada, confirm, "Delete everything")
    assert hall.left_over() == [1, 1, 0]
    await hall.answer(hall.bruno)
    assert "**1 of 1 player had it right.**" in hall.texts()[1]


# --- What was made up -------------------------------------------------------------------------------------------------


async def test_states_that_were_made_up(hall):
    await hall.start(hall.ada, hall.bruno)
    quiz, _, _ = hall.at()
    states = [
        f"quiz:{quiz}:1:", f"quiz:{quiz}:1:F", f"quiz:{quiz}:1:AB", f"quiz:{quiz}:1:x", f"quiz:{quiz}:1",
        f"quiz:{quiz}:2:A", f"quiz:{quiz}:-1:A", f"quiz:{quiz}:99999999999999999999:A", "quiz:1:1:A", "quiz:²:1:A",
        "quiz", "quizjoin", "quizjoin:x", "quizjoin:9223372036854775808", "quizstart:1", "quizstop:-", "quizagain",
        "quizagain:az-104:-:5:9", "quizagain:az-104:-:21:30", "quizagain:az-104:nowhere:5:30", "quizagain:zz:-:5:30",
        "quizagain:az-104:-:99999999999999999999:30", "quizagain:az-104:-:5:30",
    ]  # fmt: skip
    for state in states:
        reply = await hall.press_old(hall.cleo, f"wm1:{state}")
        assert reply.private, state
        assert WRONG not in reply.text, state
    assert hall.left_over() == [1, 2, 0]


# --- Discord is out of order ------------------------------------------------------------------------------------------


async def test_the_channel_is_deleted(hall, caplog):
    await hall.start(hall.ada)
    hall.env.backend.delete_channel(hall.channel.id)
    await hall.env.advance_time(SECONDS + PAUSE)
    assert hall.left_over() == [0, 0, 0]
    assert any(each.levelno == logging.INFO and "a quiz ended" in each.getMessage() for each in caplog.records)


async def test_the_permission_goes_midway(hall, caplog):
    await hall.start(hall.ada)
    await hall.answer(hall.ada)
    _, _, question = hall.at()
    hall.allow(send_messages=False)
    await hall.env.advance_time(PAUSE)
    ended = hall.texts()[-1]
    assert len(hall.messages()) == 2
    assert "### Quiz ended: I couldn't post the next question" in ended
    assert question.explanation in ended, "of the question that was answered"
    assert f"**1st** <@{hall.ada.id}> · 1 of 1" in ended
    assert hall.left_over() == [0, 0, 0]
    assert any(each.levelno == logging.INFO and "a quiz ended" in each.getMessage() for each in caplog.records)


async def test_the_scores_cant_be_posted(hall):
    await hall.start(hall.ada, count=1)
    hall.fail(403, code=50013)
    await hall.answer(hall.ada)
    assert "### Quiz over: the scores" in hall.texts()[-1]
    assert len(hall.messages()) == 2
    assert hall.left_over() == [0, 0, 0]


async def test_a_question_that_a_moderator_deletes(hall):
    await hall.start(hall.ada)
    hall.env.backend.delete_message(hall.channel.id, hall.messages()[-1].id)
    await hall.env.advance_time(SECONDS + PAUSE)
    assert "Question 2 of 2" in hall.texts()[-1]


async def test_a_question_that_arrives_late_has_its_time(hall):
    lobby = await hall.start(seconds=20)
    await hall.click(hall.ada, lobby, "Join")
    hall.hang(7, hall.channel)
    await hall.env.advance_time(LOBBY + 7)
    now = int(hall.env.now().timestamp())
    assert f"Closes <t:{now + 20}:R>" in hall.texts()[-1]
    await hall.env.advance_time(19)
    assert "closed" not in hall.texts()[-1]
    await hall.env.advance_time(1)
    assert "closed" in hall.texts()[-1]


async def test_a_question_that_has_left_the_bank_is_passed_over(hall):
    await hall.start(hall.ada, count=3)
    ((questions,),) = hall.rows("select questions from quiz")
    first, _, third = json.loads(questions)
    hall.change("update quiz set questions = ?", json.dumps([first, "gone", third]))
    await hall.answer(hall.ada)
    await hall.env.advance_time(PAUSE)
    assert "Question 3 of 3\n" in hall.texts()[-1]


async def test_in_a_thread(hall):
    hall.channel, above = await hall.thread(), hall.channel
    hall.allow(above, send_messages=False)
    await hall.start(hall.ada)
    assert "Question 1 of 2\n" in hall.texts()[-1]
    await hall.env.advance_time(2 * SECONDS + PAUSE)
    hall.allow(above, send_messages_in_threads=False)
    refused = await hall.command(hall.ada, "quiz")
    assert "I need the permissions View Channel and Send Messages in Threads." in refused.text
