"""Quizzes through the whole bot."""

import asyncio
import json
import logging
import time

import discord
import pytest

from bot.views.limits import message_faults
from tests.quiz.conftest import EDIT, LOBBY, PAUSE, SECONDS, custom_id, labels

WRONG = "Something went wrong on my side"
OVER = "This quiz is over."


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog):
    """Fail on unexpected warnings and errors in the log."""
    caplog.set_level(logging.INFO)
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


# --- A round ----------------------------------------------------------------------------------------------------------


async def test_a_whole_round_with_three_players(quiz_sim):
    lobby = await quiz_sim.start()
    assert not lobby.private
    assert "### Quiz: Deploy and manage Azure compute resources\n**2 questions**, 30 seconds each" in lobby.text
    assert f"Started by <@{quiz_sim.ada.id}> · 1 player" in lobby.text, "the host plays"
    starts = int(quiz_sim.env.now().timestamp()) + LOBBY
    assert f"30 seconds to join · starts <t:{starts}:R>" in lobby.text
    assert lobby.buttons == ["Join", "Start now", "Stop"]
    for number, who in enumerate((quiz_sim.bruno, quiz_sim.cleo), 2):
        joined = await quiz_sim.click(who, lobby, "Join")
        assert joined.private
        assert f"**You're in!** {number} players so far." in joined.text
        await quiz_sim.env.advance_time(EDIT)
        assert f"· {number} players" in quiz_sim.texts()[0]
    await quiz_sim.env.advance_time(LOBBY - 1 - 2 * EDIT)
    assert len(quiz_sim.messages()) == 1
    await quiz_sim.env.advance_time(1)
    assert labels(quiz_sim.messages()[0]) == [], "the lobby is closed"
    assert "3 players. Questions are on the way." in quiz_sim.texts()[0]
    (_, first) = quiz_sim.texts()
    assert "### Question 1 of 2" in first
    closes = int(quiz_sim.env.now().timestamp()) + SECONDS
    assert f"30 seconds to answer · closes <t:{closes}:R>\n**0 of 3 answered.**" in first

    # The first question: two right, one wrong, in time.
    _, _, question = quiz_sim.at()
    await quiz_sim.answer(quiz_sim.ada)
    (saved,) = quiz_sim.private(quiz_sim.ada)
    assert f"Question 1 of 2\n**Answer saved: {quiz_sim.said(right=True)}**" in saved
    assert "You can change it until the question closes." in saved
    await quiz_sim.env.advance_time(1)
    await quiz_sim.answer(quiz_sim.bruno)
    await quiz_sim.env.advance_time(EDIT - 1)
    assert quiz_sim.texts()[1] == first.replace("0 of 3", "2 of 3"), "answers stay hidden"
    assert question.explanation not in quiz_sim.texts()[1]
    await quiz_sim.answer(quiz_sim.cleo, right=False)
    # All players have answered, so the question closes.
    (_, first) = quiz_sim.texts()
    assert "### Question 1 of 2 · closed\n**2 of 3 players got it right.**" in first
    assert f"{question.texts[question.right[0]]} · correct" in first
    assert question.explanation in first
    assert f"]({question.references[0]})" in first
    assert labels(quiz_sim.messages()[1]) == ["Report"]
    await quiz_sim.env.advance_time(PAUSE - 1)
    assert len(quiz_sim.messages()) == 2
    await quiz_sim.env.advance_time(1)
    assert "### Question 2 of 2\n" in quiz_sim.texts()[2]
    assert "**0 of 3 answered.**" in quiz_sim.texts()[2]

    # The second one: Cleo doesn't answer, so the time runs out.
    await quiz_sim.answer(quiz_sim.ada, right=False)
    await quiz_sim.answer(quiz_sim.bruno)
    await quiz_sim.env.advance_time(SECONDS - 1)
    assert "**2 of 3 answered.**" in quiz_sim.texts()[2]
    assert "closed" not in quiz_sim.texts()[2]
    await quiz_sim.env.advance_time(1)
    assert "### Question 2 of 2 · closed\n**1 of 3 players got it right.**" in quiz_sim.texts()[2]
    scores = quiz_sim.texts()[3]
    assert "### Final scores" in scores
    assert (
        f"🥇 **1st** <@{quiz_sim.bruno.id}> · 2 of 2\n"
        f"🥈 **2nd** <@{quiz_sim.ada.id}> · 1 of 2\n"
        f"**3rd** <@{quiz_sim.cleo.id}> · 0 of 2"
    ) in scores
    assert quiz_sim.labels() == ["Play again"]
    assert [len(quiz_sim.private(who)) for who in (quiz_sim.ada, quiz_sim.bruno, quiz_sim.cleo)] == [1, 1, 1]
    assert quiz_sim.row_counts() == [0, 0, 0]
    await quiz_sim.env.advance_time(300)
    assert len(quiz_sim.messages()) == 4


async def test_a_closed_question_can_be_reported_in_private(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    _, _, question = quiz_sim.at()
    await quiz_sim.answer(quiz_sim.ada, right=False)
    before = quiz_sim.texts()
    form = await quiz_sim.click(quiz_sim.cleo, quiz_sim.messages()[1], "Report")
    sent = await quiz_sim.fill(quiz_sim.cleo, form, reason="wrong", comment="No.")
    assert sent.private
    assert sent.text.startswith("### ✅ Report sent")
    assert quiz_sim.texts() == before
    assert quiz_sim.rows("select learner_id, question from question_report") == [(quiz_sim.cleo.id, question.id)]


# --- The live count and the private messages --------------------------------------------------------------------------


def edits(quiz_sim):
    """The number of edits of the bot's messages in the channel so far."""
    path = f"/channels/{quiz_sim.channel.id}/messages/"
    return sum(each.method == "PATCH" and each.path.startswith(path) for each in quiz_sim.env.http_requests)


async def test_the_count_is_edited_once_for_many_answers(quiz_sim):
    crowd = [quiz_sim.guild.add_member(quiz_sim.env.create_user(f"student{number:02}")) for number in range(12)]
    await quiz_sim.start(quiz_sim.ada)
    before, shown = edits(quiz_sim), quiz_sim.messages()[-1]
    await quiz_sim.answer(crowd[0])
    assert "**1 of 2 answered.**" in quiz_sim.texts()[-1], "the first one at once"
    quiz, _, _ = quiz_sim.at()
    presses = [(who, f"wm1:quiz:{quiz}:1:{quiz_sim.letter(right=True)}") for who in crowd[1:]]
    await quiz_sim.press_concurrently(presses, shown)
    assert "**1 of 2 answered.**" in quiz_sim.texts()[-1]
    await quiz_sim.env.advance_time(EDIT)
    assert "**12 of 13 answered.**" in quiz_sim.texts()[-1]
    assert edits(quiz_sim) == before + 2
    await quiz_sim.env.advance_time(EDIT)
    assert edits(quiz_sim) == before + 2, "nothing changed"


async def test_a_changed_answer_doesnt_change_the_count(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.ada)
    before = edits(quiz_sim)
    await quiz_sim.answer(quiz_sim.ada, right=False)
    await quiz_sim.env.advance_time(EDIT)
    assert edits(quiz_sim) == before
    assert "**1 of 2 answered.**" in quiz_sim.texts()[-1]


async def test_a_count_that_cant_be_edited_doesnt_stop_the_quiz(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    message = quiz_sim.messages()[-1]
    path = f"/channels/{quiz_sim.channel.id}/messages/{message.id}"
    quiz_sim.env.inject_error("PATCH", path, status=403, code=50001, times=1)
    await quiz_sim.answer(quiz_sim.ada)
    assert "**0 of 2 answered.**" in quiz_sim.texts()[-1]
    await quiz_sim.answer(quiz_sim.bruno)
    assert "**2 of 2 players got it right.**" in quiz_sim.texts()[-1]


async def test_the_private_message_is_edited_with_each_answer(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    (joined,) = quiz_sim.private(quiz_sim.bruno)
    assert "You're in!" in joined
    for right in (False, True):
        reply = await quiz_sim.answer(quiz_sim.bruno, right=right)
        assert not reply.result.followups
        (shown,) = quiz_sim.private(quiz_sim.bruno)
        assert f"Question 1 of 2\n**Answer saved: {quiz_sim.said(right=right)}**" in shown
    assert quiz_sim.private(quiz_sim.ada) == [], "nobody else has one"
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.env.advance_time(PAUSE)
    await quiz_sim.answer(quiz_sim.bruno, right=False)
    (shown,) = quiz_sim.private(quiz_sim.bruno)
    assert f"Question 2 of 2\n**Answer saved: {quiz_sim.said(right=False)}**" in shown


async def test_pressing_join_twice_edits_the_private_message(quiz_sim):
    lobby = await quiz_sim.start()
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    assert [text.split("\n")[0] for text in quiz_sim.private(quiz_sim.bruno)] == [
        "**You've already joined.** 2 players so far."
    ]
    await quiz_sim.click(quiz_sim.ada, lobby, "Join")
    assert "**You've already joined.**" in quiz_sim.private(quiz_sim.ada)[0], "the host"


async def test_a_new_private_message_once_the_token_has_expired(quiz_sim):
    """Discord accepts the token of an interaction for 15 minutes."""
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno, count=20, seconds=120)
    for number in range(1, 9):
        await quiz_sim.answer(quiz_sim.ada)
        await quiz_sim.env.advance_time(120 + PAUSE)
        expected = 1 if number <= 7 else 2
        assert len(quiz_sim.private(quiz_sim.ada)) == expected, number
    await quiz_sim.answer(quiz_sim.ada)
    first, second = quiz_sim.private(quiz_sim.ada)
    assert "Question 7 of 20" in first
    assert "Question 9 of 20" in second, "and the new one is edited from then on"
    edited = [each for each in quiz_sim.env.http_requests if each.method == "PATCH" and "/webhooks/" in each.path]
    assert len(edited) == 6 + 1, "no expired token was tried"


@pytest.mark.parametrize("status", [404, 500])
async def test_a_private_message_that_cant_be_edited_is_replaced(quiz_sim, status):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    quiz_sim.env.inject_error("PATCH", "/webhooks/*/@original", status=status, code=10008, times=None)
    await quiz_sim.answer(quiz_sim.bruno, right=False)
    _, second = quiz_sim.private(quiz_sim.bruno)
    assert f"**Answer saved: {quiz_sim.said(right=False)}**" in second
    await quiz_sim.answer(quiz_sim.bruno)
    _, second = quiz_sim.private(quiz_sim.bruno)
    assert f"**Answer saved: {quiz_sim.said(right=True)}**" in second, "the follow-up is edited"
    assert quiz_sim.rows("select count(*) from quiz_answer") == [(1,)]


async def test_the_private_message_shows_the_last_of_several_quick_answers(quiz_sim, monkeypatch):
    send = discord.InteractionResponse.send_message

    async def send_slowly(*given, **options):
        await asyncio.to_thread(time.sleep, 0.05)  # Discord's latency, in which the other presses arrive
        return await send(*given, **options)

    monkeypatch.setattr(discord.InteractionResponse, "send_message", send_slowly)
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    quiz, _, question = quiz_sim.at()
    made = [f"wm1:quiz:{quiz}:1:{quiz_sim.letter(right=right)}" for right in (False, True) * 4]
    await quiz_sim.press_concurrently([(quiz_sim.ada, each) for each in made], quiz_sim.messages()[-1])
    (shown,) = quiz_sim.private(quiz_sim.ada)
    ((choice,),) = quiz_sim.rows("select choice from quiz_answer")
    said = quiz_sim.said(right=choice in question.right)
    assert f"**Answer saved: {said}**" in shown


async def test_all_messages_are_valid_and_ping_nobody(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, count=20)
    for _ in range(20):
        await quiz_sim.answer(quiz_sim.ada)
        await quiz_sim.env.advance_time(PAUSE)
    assert "20 of 20" in quiz_sim.texts()[-1]
    told = [body.get("data", body) for place in ("/callback", "/messages") for body in quiz_sim.sent(place) if body]
    told = [message for message in told if "components" in message]  # the others only acknowledge a press
    assert len(told) > 60
    for message in told:
        assert message_faults(message["components"]) == []
        assert message["allowed_mentions"] == {"parse": []}


async def test_a_message_is_posted_once_if_its_answer_is_lost(quiz_sim):
    """discord.py retries after a dropped connection; Discord recognizes the message by its nonce."""
    await quiz_sim.start(quiz_sim.ada, count=2)
    for _ in range(2):
        await quiz_sim.answer(quiz_sim.ada)
        await quiz_sim.env.advance_time(PAUSE)
    posts = [each.json for each in quiz_sim.requests("POST")]
    assert len(posts) == 3, "two questions and the scores"
    assert all(each["enforce_nonce"] for each in posts)
    nonces = [each["nonce"] for each in posts]
    assert len(set(nonces)) == 3
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_an_answer_can_be_changed_until_it_closes(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.ada, right=False)
    await quiz_sim.answer(quiz_sim.ada)
    assert quiz_sim.rows("select correct from quiz_answer") == [(1,)]
    await quiz_sim.answer(quiz_sim.bruno, right=False)
    assert "**1 of 2 players got it right.**" in quiz_sim.texts()[-1]


async def test_answering_joins(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.cleo)
    await quiz_sim.answer(quiz_sim.ada)
    assert "closed" not in quiz_sim.texts()[-1], "Bruno hasn't answered"
    await quiz_sim.answer(quiz_sim.bruno)
    assert "**3 of 3 players got it right.**" in quiz_sim.texts()[-1]


async def test_a_late_answer_is_refused(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    quiz, _, _ = quiz_sim.at()
    made = f"wm1:quiz:{quiz}:1:A"
    await quiz_sim.env.advance_time(SECONDS)
    assert "**Nobody answered.**" in quiz_sim.texts()[-1]
    late = await quiz_sim.press_old(quiz_sim.ada, made)
    assert late.private
    assert "This question is closed. The next one is coming up." in late.text
    await quiz_sim.env.advance_time(PAUSE)
    late = await quiz_sim.press_old(quiz_sim.ada, made)
    assert "This question is closed." in late.text
    assert quiz_sim.rows("select count(*) from quiz_answer") == [(0,)]
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.bruno)
    late = await quiz_sim.press_old(quiz_sim.ada, made)
    assert OVER in late.text
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_an_answer_at_the_moment_of_the_close_is_refused(quiz_sim):
    """The time is up, even if the process closes the question later."""
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    quiz_sim.env.backend.advance_clock(SECONDS)
    late = await quiz_sim.answer(quiz_sim.ada)
    assert "This question is closed." in late.text
    assert quiz_sim.rows("select count(*) from quiz_answer") == [(0,)]


async def test_nobody_answers(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.env.advance_time(2 * (SECONDS + PAUSE))
    assert "### Final scores" in quiz_sim.texts()[-1], "the second of two questions was the last"
    assert f"**1st** <@{quiz_sim.ada.id}> · 0 of 2" in quiz_sim.texts()[-1]


async def test_everyone_stops_answering(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno, count=5)
    await quiz_sim.answer(quiz_sim.ada)
    for _ in range(3):
        await quiz_sim.env.advance_time(SECONDS + PAUSE)
    assert len(quiz_sim.messages()) == 4
    assert "### Quiz ended: everyone stopped answering" in quiz_sim.texts()[-1]
    assert "**After 3 questions**" in quiz_sim.texts()[-1]
    assert f"🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 3\n**2nd** <@{quiz_sim.bruno.id}> · 0 of 3" in quiz_sim.texts()[-1]
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_again_is_the_same_with_other_questions(quiz_sim):
    lobby = await quiz_sim.start(count=1, seconds=45)
    join = lobby.custom_id("Join")
    await quiz_sim.env.advance_time(LOBBY)
    await quiz_sim.answer(quiz_sim.ada)
    again = await quiz_sim.click(quiz_sim.cleo, quiz_sim.messages()[-1], "Play again")
    assert not again.private
    assert "**1 question**, 45 seconds each" in again.text
    assert "Deploy and manage" in again.text
    assert f"Started by <@{quiz_sim.cleo.id}>" in again.text
    assert quiz_sim.row_counts() == [1, 1, 0]
    assert again.custom_id("Join") != join
    assert "This quiz is over" in (await quiz_sim.press_old(quiz_sim.ada, join)).text


async def test_again_of_all_of_the_course(quiz_sim):
    lobby = await quiz_sim.command(quiz_sim.ada, "quiz", count=1)
    await quiz_sim.click(quiz_sim.ada, lobby, "Start now")
    assert "Microsoft Azure Administrator" in quiz_sim.texts()[0]
    await quiz_sim.answer(quiz_sim.ada)
    again = await quiz_sim.click(quiz_sim.cleo, quiz_sim.messages()[-1], "Play again")
    assert "Microsoft Azure Administrator" in again.text


# --- Start now and Stop -----------------------------------------------------------------------------------------------


async def test_start_now_is_for_the_host(quiz_sim):
    lobby = await quiz_sim.start()
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    assert "Only the host can start early." in (await quiz_sim.click(quiz_sim.bruno, lobby, "Start now")).text
    assert len(quiz_sim.messages()) == 1
    await quiz_sim.click(quiz_sim.ada, lobby, "Start now")
    assert "Question 1 of 2" in quiz_sim.texts()[1]
    assert "2 players. Questions are on the way." in quiz_sim.texts()[0]
    assert labels(quiz_sim.messages()[0]) == []


async def test_the_host_can_play_alone(quiz_sim):
    lobby = await quiz_sim.start()
    await quiz_sim.click(quiz_sim.ada, lobby, "Start now")
    await quiz_sim.answer(quiz_sim.ada)
    assert "**1 of 1 player got it right.**" in quiz_sim.texts()[1]


async def test_stop_in_the_lobby(quiz_sim):
    lobby = await quiz_sim.start()
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    refused = await quiz_sim.click(quiz_sim.bruno, lobby, "Stop")
    assert "Only the host or a moderator (Manage Messages) can stop the quiz." in refused.text
    assert quiz_sim.row_counts() == [1, 2, 0]
    await quiz_sim.click(quiz_sim.ada, lobby, "Stop")
    assert "### Quiz ended: it was stopped" in quiz_sim.texts()[0]
    assert quiz_sim.row_counts() == [0, 0, 0]


@pytest.mark.parametrize("permission", ["manage_messages", "manage_guild"])
async def test_a_moderator_stops_a_question(quiz_sim, permission):
    role = quiz_sim.guild.create_role(
        "moderators", permissions=discord.Permissions(view_channel=True, **{permission: True})
    )
    mia = quiz_sim.guild.add_member(quiz_sim.env.create_user("mia"), roles=[role])
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.bruno, right=False)
    await quiz_sim.env.advance_time(PAUSE)
    await quiz_sim.answer(quiz_sim.bruno)
    _, _, question = quiz_sim.at()
    await quiz_sim.click(mia, quiz_sim.messages()[-1], "Stop quiz")
    ended = quiz_sim.texts()[-1]
    assert len(quiz_sim.messages()) == 3
    assert "### Quiz ended: it was stopped" in ended
    assert question.explanation in ended
    assert "Question 2 of 2 doesn't count." in ended
    assert (
        f"**After 1 question**\n🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 1\n**2nd** <@{quiz_sim.bruno.id}> · 0 of 1"
        in ended
    )
    assert quiz_sim.labels() == ["Play again"]
    assert quiz_sim.row_counts() == [0, 0, 0]
    await quiz_sim.env.advance_time(300)
    assert len(quiz_sim.messages()) == 3


async def test_a_stop_in_the_pause(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    open_one = quiz_sim.messages()[-1]
    made = custom_id(open_one, "Stop quiz")
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.press_old(quiz_sim.ada, made)
    assert "### Quiz ended: it was stopped" in quiz_sim.texts()[-1]
    assert "doesn't count" not in quiz_sim.texts()[-1]
    assert f"<@{quiz_sim.ada.id}> · 1 of 1" in quiz_sim.texts()[-1]
    assert quiz_sim.row_counts() == [0, 0, 0]


# --- Where it can't be ------------------------------------------------------------------------------------------------


async def test_outside_of_servers_a_review_is_offered(quiz_sim):
    reply = await quiz_sim.command(quiz_sim.ada.user, "quiz")
    assert "**Quizzes run in server channels,** where others can join." in reply.text
    assert "⚠️" not in reply.text
    assert quiz_sim.row_counts() == [0, 0, 0]
    assert "AZ-104 review" in (await quiz_sim.click(quiz_sim.ada.user, reply, "Review")).text


@pytest.mark.parametrize("permission", ["send_messages", "view_channel"])
async def test_not_where_the_bot_may_not_write(quiz_sim, permission):
    quiz_sim.allow(**{permission: False})
    refused = await quiz_sim.command(quiz_sim.ada, "quiz")
    assert refused.private
    assert "I can't post questions here: I need the permissions View Channel and Send Messages." in refused.text
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_a_course_without_questions(quiz_sim):
    refused = await quiz_sim.command(quiz_sim.ada, "quiz", course="az-400")
    assert refused.private
    assert "There are no questions on AZ-400 yet. AZ-104" in refused.text


async def test_an_unknown_path(quiz_sim):
    assert "has no learning path" in (await quiz_sim.command(quiz_sim.ada, "quiz", path="depoly")).text
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_a_channel_has_one_quiz(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    other = await quiz_sim.command(quiz_sim.bruno, "quiz", path="monitor")
    assert other.private
    assert (
        "A quiz on **Deploy and manage Azure compute resources** is already running here: question 1 of 2."
        in other.text
    )
    assert f"/{quiz_sim.channel.id}/{quiz_sim.messages()[-1].id})" in other.text
    assert quiz_sim.row_counts() == [1, 1, 0]


async def test_two_concurrent_quizzes_in_a_channel(quiz_sim):
    replies = await quiz_sim.concurrently(
        *(quiz_sim.command(who, "quiz") for who in (quiz_sim.ada, quiz_sim.bruno, quiz_sim.cleo))
    )
    assert sorted(reply.private for reply in replies) == [False, True, True]
    assert sum("is already running here: it is about to start" in reply.text for reply in replies) == 2
    assert quiz_sim.row_counts()[0] == 1


async def test_two_channels_have_one_each(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    other = quiz_sim.channel
    quiz_sim.channel = quiz_sim.news
    lobby = await quiz_sim.command(quiz_sim.bruno, "quiz", count=1)
    await quiz_sim.click(quiz_sim.bruno, lobby, "Start now")
    assert quiz_sim.row_counts() == [2, 2, 0]
    await quiz_sim.env.advance_time(SECONDS)
    assert "Final scores" in quiz_sim.texts(quiz_sim.news)[-1]
    assert "closed" in quiz_sim.texts(other)[-1]
    await quiz_sim.env.advance_time(PAUSE)
    assert "Question 2 of 2\n" in quiz_sim.texts(other)[-1]


async def test_thirty_players_answer_at_once(quiz_sim):
    crowd = [quiz_sim.guild.add_member(quiz_sim.env.create_user(f"student{number:02}")) for number in range(30)]
    lobby = await quiz_sim.start(count=1)
    replies = await quiz_sim.press_concurrently([(who, lobby.custom_id("Join")) for who in crowd], lobby.message)
    assert [reply.text for reply in replies if "You're in!" not in reply.text] == []
    await quiz_sim.env.advance_time(EDIT)
    assert "31 players" in quiz_sim.texts()[0]
    await quiz_sim.click(quiz_sim.ada, lobby, "Start now")
    await quiz_sim.answer(quiz_sim.ada, right=False)
    quiz, _, _ = quiz_sim.at()
    letters = {right: quiz_sim.letter(right=right) for right in (True, False)}
    presses = [(who, f"wm1:quiz:{quiz}:1:{letters[number % 3 > 0]}") for number, who in enumerate(crowd)]
    await quiz_sim.press_concurrently(presses, quiz_sim.messages()[-1])
    shown = [quiz_sim.private(who) for who in crowd]
    assert all(len(texts) == 1 and "Answer saved" in texts[0] for texts in shown)
    assert "**20 of 31 players got it right.**" in quiz_sim.texts()[1]
    scores = quiz_sim.texts()[2]
    assert scores.count("🥇 **1st** <@") == 10
    assert "and 21 more players" in scores
    assert quiz_sim.row_counts() == [0, 0, 0]


# --- Privacy ----------------------------------------------------------------------------------------------------------


async def test_a_hidden_member_plays_and_is_not_named(quiz_sim):
    for who in (quiz_sim.ada, quiz_sim.bruno):
        await quiz_sim.privacy(who, "Hide my progress")
    lobby = await quiz_sim.start()
    assert "Started by a hidden member" in lobby.text
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    await quiz_sim.click(quiz_sim.cleo, lobby, "Join")
    hidden = "You're hidden, so you'll appear in the scores as “a hidden member”."
    assert hidden in quiz_sim.private(quiz_sim.bruno)[-1]
    assert hidden not in quiz_sim.private(quiz_sim.cleo)[-1]
    await quiz_sim.env.advance_time(LOBBY)
    await quiz_sim.answer(quiz_sim.ada, right=False)
    assert hidden in quiz_sim.private(quiz_sim.ada)[-1], "the host's first private message"
    await quiz_sim.answer(quiz_sim.ada)
    assert hidden not in quiz_sim.private(quiz_sim.ada)[-1], "once"
    await quiz_sim.answer(quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.cleo, right=False)
    assert "**2 of 3 players got it right.**" in quiz_sim.texts()[1]
    await quiz_sim.env.advance_time(PAUSE + SECONDS)
    assert (
        "🥇 **1st** a hidden member · 1 of 2\n🥇 **1st** a hidden member · 1 of 2\n**3rd** <@" in quiz_sim.texts()[-1]
    )
    public = "\n".join(quiz_sim.texts())
    assert str(quiz_sim.ada.id) not in public
    assert str(quiz_sim.bruno.id) not in public


async def test_export_and_forget_during_a_round(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    await quiz_sim.answer(quiz_sim.ada)
    exported = quiz_sim.file(await quiz_sim.privacy(quiz_sim.ada, "Download my data"))["tables"]
    quiz, _, _ = quiz_sim.at()
    assert exported["quiz_player"] == [{"quiz_id": str(quiz), "host": 1, "playing": 1}]
    (answer,) = exported["quiz_answer"]
    assert (answer["number"], answer["correct"]) == (1, 1)
    confirm = await quiz_sim.privacy(quiz_sim.ada, "Delete my data")
    assert "Quizzes: 1 open quiz, 1 quiz answer" in (await quiz_sim.privacy(quiz_sim.ada)).text
    await quiz_sim.click(quiz_sim.ada, confirm, "Delete everything")
    assert quiz_sim.row_counts() == [1, 1, 0]
    await quiz_sim.answer(quiz_sim.bruno)
    assert "**1 of 1 player got it right.**" in quiz_sim.texts()[1]


# --- What was made up -------------------------------------------------------------------------------------------------


async def test_forged_states_are_refused(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, quiz_sim.bruno)
    quiz, _, _ = quiz_sim.at()
    states = [
        f"quiz:{quiz}:1:", f"quiz:{quiz}:1:F", f"quiz:{quiz}:1:AB", f"quiz:{quiz}:1:x", f"quiz:{quiz}:1",
        f"quiz:{quiz}:2:A", f"quiz:{quiz}:-1:A", f"quiz:{quiz}:99999999999999999999:A", "quiz:1:1:A", "quiz:²:1:A",
        "quiz", "quizjoin", "quizjoin:x", "quizjoin:9223372036854775808", "quizstart:1", "quizstop:-", "quizagain",
        "quizagain:az-104:-:5:9", "quizagain:az-104:-:21:30", "quizagain:az-104:nowhere:5:30", "quizagain:zz:-:5:30",
        "quizagain:az-104:-:99999999999999999999:30", "quizagain:az-104:-:5:30",
    ]  # fmt: skip
    for state in states:
        reply = await quiz_sim.press_old(quiz_sim.cleo, f"wm1:{state}")
        assert reply.private, state
        assert WRONG not in reply.text, state
    assert quiz_sim.row_counts() == [1, 2, 0]


# --- Discord is out of order ------------------------------------------------------------------------------------------


async def test_the_channel_is_deleted(quiz_sim, caplog):
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.env.backend.delete_channel(quiz_sim.channel.id)
    await quiz_sim.env.advance_time(SECONDS + PAUSE)
    assert quiz_sim.row_counts() == [0, 0, 0]
    assert any(each.levelno == logging.INFO and "a quiz ended" in each.getMessage() for each in caplog.records)


async def test_the_permission_is_removed_during_a_quiz(quiz_sim, caplog):
    await quiz_sim.start(quiz_sim.ada)
    await quiz_sim.answer(quiz_sim.ada)
    _, _, question = quiz_sim.at()
    quiz_sim.allow(send_messages=False)
    await quiz_sim.env.advance_time(PAUSE)
    ended = quiz_sim.texts()[-1]
    assert len(quiz_sim.messages()) == 2
    assert "### Quiz ended: I couldn't post the next question" in ended
    assert question.explanation in ended, "of the question that was answered"
    assert f"🥇 **1st** <@{quiz_sim.ada.id}> · 1 of 1" in ended
    assert quiz_sim.row_counts() == [0, 0, 0]
    assert any(each.levelno == logging.INFO and "a quiz ended" in each.getMessage() for each in caplog.records)


async def test_the_scores_cant_be_posted(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, count=1)
    quiz_sim.fail(403, code=50013)
    await quiz_sim.answer(quiz_sim.ada)
    assert "### Final scores" in quiz_sim.texts()[-1]
    assert len(quiz_sim.messages()) == 2
    assert quiz_sim.row_counts() == [0, 0, 0]


async def test_a_question_that_a_moderator_deletes(quiz_sim):
    await quiz_sim.start(quiz_sim.ada)
    quiz_sim.env.backend.delete_message(quiz_sim.channel.id, quiz_sim.messages()[-1].id)
    await quiz_sim.env.advance_time(SECONDS + PAUSE)
    assert "Question 2 of 2" in quiz_sim.texts()[-1]


async def test_a_question_posted_late_keeps_its_full_time(quiz_sim):
    await quiz_sim.start(seconds=20)
    quiz_sim.delay_responses(7, quiz_sim.channel)
    await quiz_sim.env.advance_time(LOBBY + 7)
    now = int(quiz_sim.env.now().timestamp())
    assert f"closes <t:{now + 20}:R>" in quiz_sim.texts()[-1]
    await quiz_sim.env.advance_time(19)
    assert "closed" not in quiz_sim.texts()[-1]
    await quiz_sim.env.advance_time(1)
    assert "closed" in quiz_sim.texts()[-1]


async def test_a_removed_question_is_skipped(quiz_sim):
    await quiz_sim.start(quiz_sim.ada, count=3)
    ((questions,),) = quiz_sim.rows("select questions from quiz")
    first, _, third = json.loads(questions)
    quiz_sim.change("update quiz set questions = ?", json.dumps([first, "gone", third]))
    await quiz_sim.answer(quiz_sim.ada)
    await quiz_sim.env.advance_time(PAUSE)
    assert "Question 3 of 3\n" in quiz_sim.texts()[-1]


async def test_in_a_thread(quiz_sim):
    quiz_sim.channel, above = await quiz_sim.thread(), quiz_sim.channel
    quiz_sim.allow(above, send_messages=False)
    await quiz_sim.start(quiz_sim.ada)
    assert "Question 1 of 2\n" in quiz_sim.texts()[-1]
    await quiz_sim.env.advance_time(2 * SECONDS + PAUSE)
    quiz_sim.allow(above, send_messages_in_threads=False)
    refused = await quiz_sim.command(quiz_sim.ada, "quiz")
    assert "I need the permissions View Channel and Send Messages in Threads." in refused.text
