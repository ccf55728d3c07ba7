"""The question of the day in a simulated Discord: the post, private answers, the count, the reveal and its thread."""

import discord

from bot.client.rendering import mentions_of
from tests.cogs.conftest import parts, text_of


async def test_the_post_asks_and_answers_are_private(daily, digest_sim):
    await daily.set_up()
    await digest_sim.wait(80)
    (post,) = daily.posts()
    text = text_of(post.components)
    assert text.startswith("### Question of the day\n**No answers yet** · only you see yours")
    spoken = len(digest_sim.channel_texts())
    right = await daily.answer(digest_sim.ada, post)
    wrong = await daily.answer(digest_sim.bruno, post, right=False)
    assert right.private
    assert wrong.private
    assert "✅ **Correct.** You chose" in right.text
    assert "❌ **Incorrect.** You chose" in wrong.text
    assert "Learn more" in right.text
    assert "correct, your answer" in right.text
    assert len(digest_sim.channel_texts()) == spoken
    guessed = await digest_sim.click(digest_sim.ada, right, "I guessed")
    assert guessed.private
    assert "Marked as a guess." in guessed.text
    assert "I guessed" not in guessed.buttons + wrong.buttons
    again = await daily.answer(digest_sim.bruno, post)
    assert "❌ **Incorrect.**" in again.text
    assert "Only your first answer counts." in again.text


async def test_the_count_is_edited_once_for_many_answers_and_names_nobody(daily, digest_sim):
    await daily.set_up()
    await digest_sim.wait(80)
    (post,) = daily.posts()
    members = (digest_sim.ada, digest_sim.bruno, digest_sim.cleo)
    await digest_sim.concurrently(*(daily.answer(who, post) for who in members))
    await digest_sim.wait(20)
    assert len(daily.edits(post)) == 1
    (post,) = daily.posts()
    text = text_of(post.components)
    assert "**3 answers** · only you see yours" in text
    assert not any(name in text for name in ("Ada", "Bruno", "Cleo", "correct"))
    await daily.answer(digest_sim.boss, post)
    await digest_sim.wait(20)
    assert len(daily.edits(post)) == 2
    await digest_sim.wait(180)
    assert len(daily.edits(post)) == 2, "nothing has changed since"


async def test_a_count_that_a_crash_left_behind_is_corrected_after_the_restart(daily, digest_sim):
    await daily.set_up()
    await digest_sim.wait(80)
    (post,) = daily.posts()
    await daily.answer(digest_sim.ada, post)
    await digest_sim.bot.unload_extension("cogs.daily_question")
    await digest_sim.restart()
    await digest_sim.wait(80)
    assert "**1 answer**" in text_of(daily.posts()[0].components)
    assert (await daily.answer(digest_sim.bruno, post)).private, "its buttons survive the restart"


async def test_the_next_day_reveals_the_answer_and_opens_a_thread(daily, digest_sim):
    await daily.set_up()
    await digest_sim.wait(80)
    (first,) = daily.posts()
    await daily.answer(digest_sim.ada, first)
    await daily.answer(digest_sim.bruno, first, right=False)
    await digest_sim.sleep(hours=23, minutes=58)
    await digest_sim.wait(160)
    first, second = daily.posts()
    text = text_of(second.components)
    assert "**Answer to the last question** · 1 of 2 correct" in text
    assert "Learn more" in text
    links = {part["label"]: part["url"] for part in parts(second.components) if "url" in part}
    assert links["Go to the question"].endswith(f"/{first.id}")
    assert links["Discuss"].endswith(f"/{first.id}"), "a thread has the ID of its message"
    threads = [each for each in digest_sim.env.http_requests if each.path.endswith(f"/{first.id}/threads")]
    assert len(threads) == 1
    closed = text_of(first.components)
    assert "**2 answers** · closed, [see the answer](" in closed
    assert f"/{second.id})" in closed
    late = await daily.answer(digest_sim.cleo, first)
    assert late.private
    assert "isn't in the numbers" in late.text
    await digest_sim.wait(80)
    assert "**2 answers** · closed" in text_of(daily.posts()[0].components)


async def test_without_the_permission_for_threads_the_answer_is_posted_without_one(daily, digest_sim):
    digest_sim.allow(
        view_channel=True, send_messages=True, attach_files=True, read_message_history=True, create_public_threads=False
    )
    await daily.set_up()
    await digest_sim.wait(80)
    await digest_sim.sleep(hours=23, minutes=58)
    await digest_sim.wait(160)
    _, second = daily.posts()
    assert "Answer to the last question" in text_of(second.components)
    assert "Discuss" not in text_of(second.components)
    assert "thread" not in "\n".join(digest_sim.channel_texts())
    panel = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Question of the day")
    assert "I'm missing **Create Public Threads**" in panel.text


async def test_only_the_chosen_role_is_notified_and_only_by_the_post(daily, digest_sim):
    role = digest_sim.guild.create_role("Daily", mentionable=True)
    await daily.set_up(role=role.id)
    await digest_sim.wait(80)
    (post,) = daily.posts()
    assert f"<@&{role.id}>" in text_of(post.components)
    (sent,) = [each.json for each in digest_sim.requests("POST") if "nonce" in (each.json or {})][-1:]
    assert sent["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    await daily.answer(digest_sim.ada, post)
    await digest_sim.wait(20)
    (edit,) = daily.edits(post)
    assert edit.json["allowed_mentions"] == {"parse": []}


async def test_a_deleted_post_is_not_edited_again(daily, digest_sim, rows):
    await daily.set_up()
    await digest_sim.wait(80)
    (post,) = daily.posts()
    path = f"/channels/{digest_sim.channel.id}/messages/{post.id}"
    digest_sim.env.inject_error("PATCH", path, status=404, code=10008, times=None, message="Unknown Message")
    await daily.answer(digest_sim.ada, post)
    await digest_sim.wait(200)
    assert len(daily.edits(post)) == 1
    assert rows("select closed from daily_post") == [(1,)]


async def test_missing_permissions_suspend_it_and_tell_who_set_it_up(daily, digest_sim, rows):
    await daily.set_up()
    digest_sim.allow(send_messages=False)
    await digest_sim.wait(100)
    assert rows("select state from daily_question") == [("suspended",)]
    (told,) = digest_sim.direct_messages()
    assert "The question of the day in Cloud study group is suspended" in told
    digest_sim.allow(view_channel=True, send_messages=True, attach_files=True, read_message_history=True)
    await digest_sim.wait(60)
    assert len(daily.posts()) == 1


async def test_the_digest_reports_participation(daily, digest_sim):
    await digest_sim.join(digest_sim.ada)
    await daily.set_up()
    await digest_sim.wait(80)
    (post,) = daily.posts()
    await daily.answer(digest_sim.ada, post)
    await daily.answer(digest_sim.bruno, post, right=False)
    await digest_sim.set_up()
    preview = await digest_sim.preview()
    assert "❓ Question of the day: 2 answers from 2 members." in preview.text


def test_other_messages_notify_nobody():
    assert mentions_of(object()).to_dict() == discord.AllowedMentions.none().to_dict()
