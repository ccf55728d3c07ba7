"""Reports of questions in a simulated Discord: the button, the form, limits, the operator's channel, and the answer."""

import pytest

from bot.client.bot import StudyBot
from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question import fingerprint
from bot.core.questions.question_report import Reason
from bot.errors import NotFound, Stale
from bot.views.question_report import report_button
from tests.cogs.conftest import WRONG, text_of
from tests.review.test_review_commands import answer, shown_to

ROWS = "select question, reason, comment, resolution from question_report order by learner_id, number"


@pytest.fixture
async def answered(sim, rows):
    """The first card of a review, answered wrongly."""
    await sim.command(sim.ada, "complete", what="prerequisites")
    reply = await sim.command(sim.ada, "review")
    return await answer(sim, rows, sim.ada, reply, right=False)


async def report(sim, who, on, reason="wrong", comment=""):
    return await sim.fill(who, await sim.click(who, on, "Report"), reason=reason, comment=comment)


async def report_any(sim, who, number):
    """Report the bank's question with this number, with the button of an earlier message."""
    return await sim.fill(who, await sim.press_old(who, button_of(sim, number)), reason="unclear")


async def report_same(sim, who, on):
    """Report a question that another member answered."""
    return await sim.fill(who, await sim.press_old(who, on.custom_id("Report")), reason="wrong")


def button_of(sim, number):
    return report_button("az-104", list(sim.study.catalogue.banks["az-104"].questions.values())[number])["custom_id"]


async def test_a_report_leaves_the_answer_as_it_is(sim, rows, answered):
    question, _ = shown_to(rows, sim.ada)
    before = answered.text
    form = await sim.click(sim.ada, answered, "Report")
    assert "The answer is wrong" in text_of(form.modal)
    sent = await sim.fill(sim.ada, form, reason="outdated", comment=" It has *changed*. ")
    assert sent.private
    assert sent.text.startswith("### ✅ Report sent\n**It's outdated:** ")
    assert sent.message.id != answered.message.id
    assert answered.text == before
    assert rows(ROWS) == [(question, "outdated", "It has *changed*.", None)]
    assert "Next" in answered.buttons
    assert "2 of 10" in (await sim.click(sim.ada, answered, "Next")).text
    assert not [text for text in sim.channel_texts() if "Report" in text], "nothing is public"


async def test_a_question_is_reported_once_until_it_is_resolved(sim, rows, answered):
    await report(sim, sim.ada, answered)
    again = await sim.click(sim.ada, answered, "Report")
    assert again.text == "⚠️ You've already reported this question. I'll tell you in a review once it's resolved."
    question, _ = shown_to(rows, sim.ada)
    await sim.study.question_reports.resolve("az-104", question, Resolution.KEPT, "It is right.")
    await report(sim, sim.ada, answered, reason="other")
    assert [row[1:] for row in rows(ROWS)] == [("wrong", None, "kept"), ("other", None, None)]


async def test_two_forms_of_one_question_store_one_report(sim, rows, answered):
    forms = [await sim.click(sim.ada, answered, "Report") for _ in range(2)]
    for form in forms:
        reply = await sim.fill(sim.ada, form, reason="wrong")
    assert "already reported" in reply.text
    assert len(rows(ROWS)) == 1


async def test_a_report_can_be_undone(sim, rows, answered):
    sent = await report(sim, sim.ada, answered, comment="Never mind.")
    await sim.restart()
    undone = await sim.click(sim.ada, sent, "Undo")
    assert undone.text == "✅ Your report was withdrawn, and your comment was deleted."
    ((_, reason, comment, resolution),) = rows(ROWS)
    assert (reason, comment, resolution) == ("wrong", None, "undone")
    assert await sim.study.question_reports.open() == []
    again = await sim.press_old(sim.ada, f"wm1:reportundo:az-104:{rows(ROWS)[0][0]}")
    assert "no longer open" in again.text
    assert await sim.study.question_reports.tell(sim.ada.id) == [], "they know"
    await report(sim, sim.ada, answered)
    assert [row[3] for row in rows(ROWS)] == ["undone", None]


async def test_five_reports_in_24_hours(sim, rows, clock, answered):
    for number in range(5):
        sent = await report_any(sim, sim.ada, number)
        await sim.press_old(sim.ada, f"wm1:reportundo:{sent.custom_id('Undo').split(':', 2)[2]}")
    refused = await sim.press_old(sim.ada, button_of(sim, 6))
    assert refused.text == "⚠️ You've reported 5 questions in the last 24 hours. Try again tomorrow."
    assert "✅ Report sent" in (await report_any(sim, sim.bruno, 6)).text, "others can"
    clock.move(hours=24, seconds=1)
    assert "✅ Report sent" in (await report_any(sim, sim.ada, 6)).text


async def test_another_version_and_invented_states_are_refused(sim, rows, answered):
    state = answered.custom_id("Report").rsplit(":", 1)[0]
    assert "has been updated" in (await sim.press_old(sim.ada, f"{state}:00000000")).text
    assert "was removed" in (await sim.press_old(sim.ada, "wm1:report:az-104:gone:00000000")).text
    for custom_id in ("wm1:report:az-104", "wm1:reportundo:az-104", "wm1:report:x-1:a:b"):
        reply = await sim.press_old(sim.ada, custom_id)
        assert reply.text.startswith("⚠️ ")
        assert WRONG not in reply.text
    form = await sim.click(sim.ada, answered, "Report")
    forged = await sim.submit_raw(sim.ada, form.modal["custom_id"], ["nonsense"])
    assert forged.text.startswith("⚠️ ")
    assert WRONG not in forged.text
    assert rows(ROWS) == []


async def test_many_results_are_told_at_several_reviews(sim, clock):
    reports = sim.study.question_reports
    questions = list(sim.study.catalogue.banks["az-104"].questions.values())[:8]
    for question in questions:
        await reports.submit(1, sim.study.catalogue.default, question.id, fingerprint(question), Reason.OTHER, "")
        clock.move(hours=20)
        await reports.resolve("az-104", question.id, Resolution.FIXED, f"About {question.id}.")
    told = [[result.because for result in await reports.tell(1)] for _ in range(3)]
    assert [len(each) for each in told] == [5, 3, 0]
    assert [*told[0], *told[1]] == [f"About {question.id}." for question in questions]


@pytest.mark.parametrize("resolution", Resolution)
async def test_the_reporter_is_told_once_at_the_next_review(sim, rows, answered, resolution):
    await report(sim, sim.ada, answered)
    question, _ = shown_to(rows, sim.ada)
    assert await sim.study.question_reports.resolve("az-104", question, resolution, " The  docs changed. ") == 1
    await sim.restart()
    other = await sim.command(sim.bruno, "review")
    assert "was resolved" not in other.text
    reply = await sim.command(sim.ada, "review")
    assert reply.private
    assert reply.text.startswith("Your report on “")
    assert reply.text.endswith(f"” was resolved: **{resolution}**. The docs changed.")
    assert "of 10" in text_of(reply.result.response.components), "the review itself is there"
    assert "was resolved" not in (await sim.command(sim.ada, "review")).text


async def test_three_learners_keep_a_question_out_of_mock_exams(sim, rows, answered):
    bank = sim.study.catalogue.banks["az-104"]
    (question,) = {shown_to(rows, sim.ada)[0]}
    for who in (sim.ada, sim.bruno):
        await report_same(sim, who, answered)
    assert await sim.study.item_statistics.kept_out(bank) == {}
    await report_same(sim, sim.cleo, answered)
    assert await sim.study.item_statistics.kept_out(bank) == {question: "3 open reports"}
    await sim.study.question_reports.resolve("az-104", question, Resolution.FIXED, "Done.")
    assert await sim.study.item_statistics.kept_out(bank) == {}


async def test_the_operators_channel_names_nobody(sim, rows, answered):
    channel = sim.guild.create_text_channel("reports")
    await sim.env.restart_bot(StudyBot(sim.study, sim.store, shard_count=1, report_channel=channel.id))
    await report(sim, sim.ada, answered, comment="@everyone <@1> **wrong**")
    (message,) = sim.env.backend.messages[channel.id].values()
    text = text_of(message.components)
    assert text.startswith("### Question reported: AZ-104\n**The answer is wrong**\n`az-104/")
    assert "\n> @everyone \\<@1\\> \\*\\*wrong\\*\\*\n-# 1 open report on this question." in text
    assert "Ada" not in text
    assert str(sim.ada.id) not in text
    assert sim.sent(f"channels/{channel.id}/messages")[-1]["allowed_mentions"]["parse"] == []
    for who in (sim.bruno, sim.cleo):
        await report_same(sim, who, answered)
    last = list(sim.env.backend.messages[channel.id].values())[-1]
    assert "It's kept out of mock exams until you resolve it." in text_of(last.components)


async def test_a_channel_that_is_gone_changes_nothing(sim, rows, answered, logged):
    await sim.env.restart_bot(StudyBot(sim.study, sim.store, shard_count=1, report_channel=5))
    sent = await report(sim, sim.ada, answered, comment="secret text")
    assert "✅ Report sent" in sent.text
    assert len(rows(ROWS)) == 1
    assert "could not be posted in REPORT_CHANNEL_ID" in logged.text
    assert "secret text" not in logged.text


async def test_a_report_is_exported_and_deleted(sim, rows, answered):
    await report(sim, sim.ada, answered, comment="See the docs.")
    exported = (await sim.study.privacy.export(sim.ada.id))["tables"]["question_report"]
    assert [row["comment"] for row in exported] == ["See the docs."]
    await sim.study.privacy.forget(sim.ada.id)
    assert rows(ROWS) == []


async def test_only_questions_and_reports_can_be_resolved(sim):
    with pytest.raises(NotFound):
        await sim.study.question_reports.resolve("az-104", "nothing", Resolution.FIXED, "So.")
    with pytest.raises(Stale):
        await sim.study.question_reports.undo(sim.ada.id, sim.study.catalogue.default, "nothing")
