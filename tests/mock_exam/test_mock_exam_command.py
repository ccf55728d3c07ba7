"""``/mock-exam`` in a simulated Discord: from start to report, with restarts, deadlines and old buttons."""

import re

import pytest

from bot.core.questions.answer import shuffled
from bot.core.questions.question import Kind
from tests.cogs.conftest import parts
from tests.mock_exam.conftest import bank_with

WRONG = "Something went wrong on my side"
OPEN = "select count(*) from mock where ended_at is null"


async def at(ada, kind, **options):
    """A new mock exam, at the first question of a kind."""
    reply = await ada.begin(**options)
    while ada.question(reply).kind is not kind:
        reply = await ada.click(reply, "Next")
    return reply


def chosen(rows):
    return [each for (each,) in rows("select chosen from mock_answer order by number, place")]


# --- before it begins -----------------------------------------------------------------------------------------------


async def test_the_preview_begins_nothing(ada, rows):
    reply = await ada.exam()
    assert reply.private
    assert reply.text.split("\n")[:5] == [
        "### T-1 mock exam",
        "**20 questions, untimed**",
        "-# 8 · Domain one",
        "-# 8 · Domain two",
        "-# 4 · Domain three",
    ]
    assert reply.buttons == ["Start", "Timed: 40 min"]
    assert rows("select count(*) from mock") == [(0,)]
    timed = await ada.click(reply, "Timed: 40 min")
    assert "**20 questions in 40 min**" in timed.text
    assert timed.buttons == ["Start", "Untimed"]
    assert "**20 questions, untimed**" in (await ada.click(timed, "Untimed")).text
    assert rows("select count(*) from mock") == [(0,)]


async def test_the_clock_starts_with_start(ada, clock):
    reply = await ada.exam(count=5, minutes=10)
    clock.move(minutes=30)
    begun = await ada.click(reply, "Start")
    end = int(clock.now().timestamp()) + 600
    assert begun.text.startswith(f"T-1 mock exam · **1 of 5** · ends <t:{end}:R>\n-# 0 of 5 answered\n")


async def test_minutes_at_the_pace_of_the_real_exam_are_offered(ada):
    offered = await ada.sim.offered(ada.who, "mock-exam", "minutes", "", count=60)
    assert offered == {"120 minutes, about the pace of the real exam": 120}
    typed = await ada.sim.offered(ada.who, "mock-exam", "minutes", "45")
    assert list(typed.values()) == [45, 40]
    assert list((await ada.sim.offered(ada.who, "mock-exam", "minutes", "4")).values()) == [40]


@pytest.mark.parametrize("each", [1, 2])
async def test_of_a_small_bank_all_questions_are_asked(ada, small, each):
    await ada.restart(bank_with(small, each))
    reply = await ada.exam()
    assert f"**{6 * each} questions, untimed**" in reply.text
    begun = await ada.click(reply, "Start")
    assert f"**1 of {6 * each}**" in begun.text
    assert (await ada.exam(count=20)).text == begun.text, "the open exam has all questions"
    assert f"{6 * each} of {6 * each} correct" in (await ada.click(await ada.all_of(begun), "Finish")).text
    again = await ada.begin()
    assert f"**1 of {6 * each}**" in again.text, "there are no other questions"


async def test_a_course_without_an_exam_or_questions_has_none(ada, course, small):
    await ada.restart(bank_with(small, 0))
    assert "There are no questions for the exam of T-1 yet." in (await ada.exam()).text
    bare = course({path: {module: ["u"] for module in "mn"} for path in ("one", "two", "three", "zero")})
    await ada.restart(bank_with(bare))
    assert "There is no mock exam for T-1" in (await ada.exam()).text
    await ada.sim.restart(bare)
    assert "There are no questions on T-1 yet." in (await ada.exam()).text


# --- while it is open -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["server", "direct messages"])
async def test_from_start_to_report_with_a_restart_before_every_step(ada, rows, clock, place):
    """It has every kind of question; two are answered wrongly, and nothing shows that before the end."""
    ada.who = ada.who if place == "server" else ada.who.user
    reply = await ada.begin(count=12, minutes=60)
    wrong, kinds = [], set()
    for seen in range(12):
        question = ada.question(reply)
        for word in ("correct", "❌", "Why "):
            assert word not in reply.text.replace("in the correct order", "")
        assert f"-# {seen} of 12 answered" in reply.text
        assert "Answer saved" not in reply.text
        if len(wrong) < 2 and question.kind not in kinds:
            wrong.append(question.id)
        kinds.add(question.kind)
        await ada.restart()
        reply = await ada.save(reply, right=question.id not in wrong)
        assert "✅ Answer saved." in reply.text
        assert ada.question(reply) is question, "it stays, with the answer marked"
        clock.move(minutes=2)
        if seen < 11:
            await ada.restart()
            reply = await ada.click(reply, "Next")
    assert kinds == set(Kind)
    assert "**All 12 answered:** finish to see your results." in reply.text
    await ada.restart()
    report = await ada.click(reply, "Finish")
    lines = report.text.split("\n")
    assert lines[0] == "### T-1 mock exam: 10 of 12 correct"
    assert lines[1].startswith("▰▰▰▰▰▰▰▰▱▱ **83%** · ")
    assert "-# Took 24 min of 1 h" in lines
    assert "the real exam uses a scaled score (700 of 1,000 to pass), not a percentage" in report.text
    assert sum(int(each) for each in re.findall(r"(\d+) of \d+ correct · \d+% of the exam", report.text)) == 10
    assert re.findall(r"(\d+)% of the exam", report.text) == ["58", "26", "16"]
    assert rows(OPEN) == [(0,)]
    await ada.restart()
    mistake = await ada.click(report, "Review mistakes")
    found = []
    for number in (1, 2):
        assert f"**mistake {number} of 2**" in mistake.text
        found.append(ada.question(mistake).id)
        assert f"Why {found[-1]}." in mistake.text
        await ada.restart()
        if number == 1:
            assert mistake.buttons == ["Next", "Results", "Report"]
            mistake = await ada.click(mistake, "Next")
    assert sorted(found) == sorted(wrong)
    assert mistake.buttons == ["Back", "Results", "Report"]
    assert "**mistake 1 of 2**" in (await ada.click(mistake, "Back")).text
    assert (await ada.click(mistake, "Results")).text == report.text


async def test_a_mistake_can_be_reported(ada, rows):
    done = await ada.all_of(await ada.begin(count=5), wrong=tuple(ada.bank.questions))
    mistake = await ada.click(await ada.click(done, "Finish"), "Review mistakes")
    form = await ada.sim.click(ada.who, mistake.message, "Report")
    sent = await ada.sim.fill(ada.who, form, reason="unclear")
    assert sent.text.startswith(f"### ✅ Report sent\n**It's unclear:** What of {ada.question(mistake).id}?")
    assert rows("select question from question_report") == [(ada.question(mistake).id,)]
    assert "Results" in mistake.buttons


async def test_another_device_continues_at_the_same_question(ada):
    desktop = await ada.begin(count=8)
    desktop = await ada.click(await ada.answer(desktop), "Next")
    phone = await ada.exam()
    assert phone.text == desktop.text, "the same question, the same order of options"
    assert [phone.custom_id("Finish"), phone.buttons] == [desktop.custom_id("Finish"), desktop.buttons]
    await ada.restart()
    later = await ada.exam(count=8)
    assert later.text == desktop.text
    phone = await ada.save(later)
    assert "-# 2 of 8 answered" in phone.text
    desktop = await ada.save(desktop, right=False)
    assert "-# 2 of 8 answered" in desktop.text, "a button from before changes the answer of its own question"
    assert (await ada.exam()).text == desktop.text


async def test_a_chosen_answer_is_shown_and_can_be_changed(ada, rows):
    reply = await at(ada, Kind.SINGLE, count=24)
    question, picked = ada.question(reply), ada.letters(reply)
    after = await ada.answer(reply)
    assert ada.question(after) is not question
    back = await ada.click(after, "Back")
    assert ada.question(back) is question
    assert f"`{picked}` **{question.texts[question.right[0]]}** · your answer" in back.text
    assert "✅ Answer saved. You can still change it." in back.text
    green = [part["label"] for part in parts(back.components) if part.get("type") == 2 and part["style"] == 3]
    assert green == [picked]
    await ada.answer(back, right=False)
    (stored,) = [each for each in chosen(rows) if each]
    assert stored != str(question.right[0])


async def test_a_multiple_answer_is_saved_with_its_select_and_shown_in_it(ada, rows):
    reply = await at(ada, Kind.MULTIPLE, count=24)
    question = ada.question(reply)
    after = await ada.answer(reply)
    assert ada.question(after) is not question
    assert [each for each in chosen(rows) if each] in (["0,2"], ["2,0"])
    back = await ada.click(after, "Back")
    assert {each["value"] for each in back.menu["options"] if each.get("default")} == set(ada.letters(reply))


async def test_an_incomplete_order_is_kept(ada, rows):
    reply = await at(ada, Kind.ORDER, count=24)
    question, letters = ada.question(reply), ada.letters(reply)
    for letter in letters[:2]:
        reply = await ada.click(reply, letter)
    assert "This answer is incomplete." in reply.text
    await ada.restart()
    later = await ada.exam()
    assert f"Start over ({' → '.join(letters[:2])})" in later.buttons
    anew = await ada.click(later, f"Start over ({' → '.join(letters[:2])})")
    assert {"A", "B", "C", "D"} <= set(anew.buttons)
    assert not any(chosen(rows))
    done = await ada.answer(anew)
    assert ada.question(done) is not question
    assert [each for each in chosen(rows) if each] == ["0,1,2,3"]


async def test_back_and_next_are_shown_where_they_lead_to_a_question(ada):
    reply = await ada.begin(count=5)
    assert reply.buttons[-4:] == ["Next", "Flag", "Overview", "Finish"]
    assert "Back" not in reply.buttons
    for _ in range(4):
        reply = await ada.click(reply, "Next")
    assert "**5 of 5**" in reply.text
    assert "Next" not in reply.buttons
    assert reply.buttons[-4:] == ["Back", "Flag", "Overview", "Finish"]


async def test_finishing_asks_first_if_a_question_is_unanswered(ada, rows):
    reply = await ada.answer(await ada.begin(count=6))
    asked = await ada.click(reply, "Finish")
    assert asked.text.startswith("### ⚠️ 5 questions unanswered\n")
    assert asked.buttons == ["Continue", "Finish anyway", "Discard"]
    assert rows(OPEN) == [(1,)]
    assert "**2 of 6**" in (await ada.click(asked, "Continue")).text
    report = await ada.click(asked, "Finish anyway")
    assert "### T-1 mock exam: 1 of 6 correct" in report.text
    assert "5 questions unanswered" in report.text
    mistake = await ada.click(report, "Review mistakes")
    assert "**mistake 1 of 5** · not answered" in mistake.text
    for number in range(2, 6):
        mistake = await ada.click(mistake, "Next")
        assert f"**mistake {number} of 5**" in mistake.text


async def test_answers_can_be_reviewed_before_finishing(ada, rows):
    ending = await ada.all_of(await ada.begin(count=5))
    assert "**5 of 5**" in ending.text
    assert "-# 5 of 5 answered" in ending.text
    assert rows(OPEN) == [(1,)]
    back = await ada.click(ending, "Back")
    changed = await ada.save(back, right=False)
    assert "**All 5 answered:** finish to see your results." in changed.text
    assert "4 of 5 correct" in (await ada.click(changed, "Finish")).text, "nothing to confirm"


# --- flags and the overview ------------------------------------------------------------------------------------------


async def test_a_question_can_be_flagged_for_review(ada, rows):
    reply = await ada.begin(count=5)
    flagged = await ada.click(reply, "Flag")
    assert "🚩 Flagged for review" in flagged.text
    assert "1 flagged" in flagged.text
    assert "Remove flag" in flagged.buttons
    assert rows("select place, flagged, chosen from mock_answer where flagged = 1") == [(0, 1, None)]
    await ada.restart()
    again = await ada.click(reply, "Flag")
    assert again.text == flagged.text, "a second press on the old button changes nothing"
    saved = await ada.save(again)
    assert "🚩 Flagged for review\n✅ Answer saved." in saved.text
    await ada.restart()
    assert "🚩" in (await ada.exam()).text, "on another device too"
    cleared = await ada.click(saved, "Remove flag")
    assert "flagged" not in cleared.text
    assert "✅ Answer saved." in cleared.text
    assert rows("select sum(flagged) from mock_answer") == [(0,)]


async def test_the_overview_lists_answered_unanswered_and_flagged_questions(ada, rows):
    reply = await ada.answer(await ada.begin(count=8))
    reply = await ada.click(await ada.click(await ada.click(reply, "Next"), "Flag"), "Next")
    await ada.restart()
    overview = await ada.click(reply, "Overview")
    assert "### T-1 mock exam · overview\n**1 of 8 answered**" in overview.text
    assert "Not answered: 2–8\n🚩 Flagged: 3" in overview.text
    labels = [each["label"] for each in overview.menu["options"]]
    assert [label.split(".")[0] for label in labels] == list("12345678")
    status = [each.get("description") for each in overview.menu["options"]]
    assert status[0].startswith("Answered: ")
    assert status[1:] == ["Not answered", "Not answered · flagged", *["Not answered"] * 5]
    assert overview.buttons == ["Back to 4", "Finish", "Save and exit", "Discard"]
    assert "**4 of 8**" in (await ada.click(overview, "Back to 4")).text
    await ada.restart()
    jumped = await ada.press(overview, overview.menu["custom_id"], overview.menu["options"][2]["value"])
    assert "**3 of 8**" in jumped.text
    assert "🚩 Flagged for review" in jumped.text
    assert rows("select place from mock") == [(2,)], "the other devices follow"


async def test_the_overview_of_many_questions_has_pages(ada, small):
    await ada.restart(bank_with(small, 10))
    reply = await ada.begin(count=60)
    first = await ada.click(reply, "Overview")
    assert len(first.menu["options"]) == 25
    assert "Questions 26–50" in first.buttons
    second = await ada.click(first, "Questions 26–50")
    assert {"Questions 1–25", "Questions 51–60"} <= set(second.buttons)
    last = await ada.click(second, "Questions 51–60")
    assert [each["label"].split(".")[0] for each in last.menu["options"]] == [str(number) for number in range(51, 61)]
    jumped = await ada.press(last, last.menu["custom_id"], last.menu["options"][-1]["value"])
    assert "**60 of 60**" in jumped.text
    here = await ada.click(jumped, "Overview")
    assert here.menu["options"] == last.menu["options"], "it opens at the current question"
    beyond = await ada.press(here, f"wm1:mockexamshow:t-1:{ada.number(jumped)}:overview:999")
    assert beyond.menu["options"] == last.menu["options"]


async def test_leaving_saves_and_continues_after_a_restart(ada, clock):
    reply = await ada.answer(await ada.begin(count=5, minutes=20))
    saved = await ada.click(await ada.click(reply, "Overview"), "Save and exit")
    assert "### T-1 mock exam saved\n**5 questions in 20 min, 1 answered · ends <t:" in saved.text
    assert "The timer keeps running." in saved.text
    assert saved.buttons == ["Continue", "Discard"]
    await ada.restart()
    assert (await ada.click(saved, "Continue")).text == reply.text
    clock.move(minutes=20)
    assert "Time's up." in (await ada.click(saved, "Continue")).text


async def test_the_button_of_other_messages_starts_or_continues(ada, rows):
    panel = ada.sim.old_message({"type": 2, "style": 1, "label": "Mock exam", "custom_id": "wm1:mockexam:t-1"})
    preview = await ada.sim.click(ada.who, panel, "Mock exam")
    assert preview.private
    assert "**20 questions, untimed**" in preview.text
    assert rows("select count(*) from mock") == [(0,)]
    reply = await ada.begin(count=5)
    await ada.restart()
    assert (await ada.sim.click(ada.who, panel, "Mock exam")).text == reply.text
    stranger = await ada.sim.click(ada.sim.bruno, panel, "Mock exam")
    assert "**20 questions, untimed**" in stranger.text, "a stranger gets their own"


# --- other options, discarding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"count": 6}, {"minutes": 10}, {"count": 5, "minutes": 30}])
async def test_other_options_than_the_open_exam_has(ada, rows, options):
    reply = await ada.answer(await ada.begin(count=5, minutes=20))
    asked = await ada.exam(**options)
    assert asked.text.startswith("### Your T-1 mock exam is still open\n**5 questions in 20 min, 1 answered · ends <t:")
    assert asked.buttons == ["Continue", "Discard"]
    assert (await ada.click(asked, "Continue")).text == reply.text
    for same in ({}, {"count": 5}, {"minutes": 20}, {"count": 5, "minutes": 20}):
        assert (await ada.exam(**same)).text == reply.text
    assert rows("select count(*) from mock") == [(1,)]


async def test_discarding_asks_first_and_deletes_everything(ada, rows):
    reply = await ada.answer(await ada.begin(count=5))
    asked = await ada.click(await ada.exam(count=6), "Discard")
    assert asked.text.startswith("### ⚠️ Discard this mock exam?\n**5 questions, untimed, 1 answered**")
    assert rows(OPEN) == [(1,)]
    assert "**2 of 5**" in (await ada.click(asked, "Continue")).text
    await ada.restart()
    gone = await ada.click(asked, "Discard")
    assert "mock exam discarded" in gone.text
    assert rows("select (select count(*) from mock) + (select count(*) from mock_answer)") == [(0,)]
    assert "is no longer open" in (await ada.answer(reply)).text
    assert "is no longer open" in (await ada.click(asked, "Discard")).text
    assert "**5 questions, untimed**" in (await ada.click(gone, "New mock exam")).text


async def test_buttons_of_a_discarded_exam_never_act_on_the_next(ada, rows, clock):
    old = await ada.begin(count=5)
    drop = await ada.click(await ada.click(old, "Finish"), "Discard")
    await ada.click(drop, "Discard")
    clock.move(seconds=1)
    await ada.restart()
    await ada.begin(count=5)
    for label in ("Next", "Finish"):
        assert "is no longer open" in (await ada.click(old, label)).text
    assert "is no longer open" in (await ada.answer(old)).text
    assert not any(chosen(rows))


# --- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["answer", "Next", "Finish", "/mock-exam", "/mock-exam count:6", "Start", "Discard"])
async def test_after_the_deadline_the_next_press_finishes_the_exam(ada, clock, rows, act):
    preview = await ada.exam(count=5, minutes=10)
    reply = await ada.click(preview, "Start")
    drop = await ada.click(await ada.click(reply, "Finish"), "Discard")
    clock.move(seconds=599)
    reply = await ada.answer(reply)
    clock.move(seconds=1)
    match act:
        case "answer":
            late = await ada.click(reply, "A") if "A" in reply.buttons else await ada.answer(reply)
        case "/mock-exam":
            late = await ada.exam()
        case "/mock-exam count:6":
            late = await ada.exam(count=6)
        case "Start":
            late = await ada.click(preview, "Start")
        case "Discard":
            late = await ada.click(drop, "Discard")
        case _:
            late = await ada.click(reply, act)
    assert "### T-1 mock exam: 1 of 5 correct" in late.text
    assert "-# Time's up. Answers you gave in time count." in late.text
    assert "-# Took 10 min of 10 min · 4 questions unanswered" in late.text
    assert rows("select ended_at - started_at, correct, asked from mock") == [(600, 1, 5)]
    assert len([each for each in chosen(rows) if each]) == 1, "the late answer isn't stored"


@pytest.mark.parametrize("minutes", [None, 300])
async def test_left_open_for_a_day(ada, clock, minutes):
    reply = await ada.answer(await ada.begin(count=5, **({"minutes": minutes} if minutes else {})))
    clock.move(days=1)
    await ada.restart()
    later = await ada.exam()
    if minutes:
        assert "1 of 5 correct" in later.text
        assert "-# Took 5 h of 5 h" in later.text
    else:
        assert later.text == reply.text
        clock.move(days=2)
        report = await ada.click(await ada.click(later, "Finish"), "Finish anyway")
        assert "-# Open for 3 days" in report.text


# --- at once, old, tampered -----------------------------------------------------------------------------------------


async def test_two_simultaneous_answers_are_both_stored(ada, rows):
    first = await at(ada, Kind.SINGLE, count=24)
    second = await ada.click(first, "Next")
    while ada.question(second).kind is not Kind.SINGLE:
        second = await ada.click(second, "Next")
    replies = await ada.sim.concurrently(*(ada.click(each, ada.letters(each)) for each in (first, second)))
    assert all(WRONG not in each.text for each in replies)
    assert len([each for each in chosen(rows) if each]) == 2
    assert "-# 2 of " in (await ada.exam()).text


async def test_of_two_simultaneous_answers_to_a_question_the_last_wins(ada, rows):
    reply = await at(ada, Kind.SINGLE, count=24)
    replies = await ada.sim.concurrently(*(ada.click(reply, label) for label in "ABC"))
    assert all("-# 1 of " in each.text for each in replies)
    assert len([each for each in chosen(rows) if each]) == 1
    await ada.click(reply, "D")
    last = shuffled(ada.question(reply), ada.number(reply))["ABCD".index("D")]
    assert [each for each in chosen(rows) if each] == [str(last)]


async def test_pressing_start_twice_begins_one_exam(ada, rows):
    preview = await ada.exam(count=5)
    one, two = await ada.sim.concurrently(ada.click(preview, "Start"), ada.click(preview, "Start"))
    assert one.text == two.text
    assert rows("select count(*) from mock") == [(1,)]
    assert rows("select count(*) from mock_answer") == [(5,)]


async def test_pressing_finish_twice_gives_one_report(ada, rows):
    ending = await ada.all_of(await ada.begin(count=5))
    for reply in await ada.sim.concurrently(ada.click(ending, "Finish"), ada.click(ending, "Finish")):
        assert "5 of 5 correct" in reply.text
    assert rows("select count(*) from mock") == [(1,)]


async def test_a_finished_exam_rejects_answers(ada, rows, clock):
    first = await ada.begin(count=5)
    ending = await ada.all_of(first)
    await ada.click(ending, "Finish")
    before, numbers = chosen(rows), rows("select * from mock")
    clock.move(hours=1)
    late = await ada.answer(first, right=False)
    assert "5 of 5 correct" in late.text
    assert "This exam had already ended." in late.text
    assert "5 of 5 correct" in (await ada.click(ending, "Flag")).text
    assert (chosen(rows), rows("select * from mock")) == (before, numbers)


async def test_buttons_of_an_earlier_exam_show_its_result(ada, clock):
    report = await ada.click(await ada.click(await ada.begin(count=5), "Finish"), "Finish anyway")
    clock.move(hours=1)
    open_one = await ada.click(await ada.click(report, "New mock exam"), "Start")
    assert "**mistake 1 of 5**" in (await ada.click(report, "Review mistakes")).text, "while the next one is open"
    await ada.click(await ada.all_of(open_one), "Finish")
    old = await ada.click(report, "Review mistakes")
    assert "In this one, 0 of 5 were correct." in old.text


TAMPERED = {
    "wm1:mockexam:t-1:61:0": "This button ",
    "wm1:mockexam:t-1:0:0": "This button ",
    "wm1:mockexam:t-1:5:4": "This button ",
    "wm1:mockexam:t-1:5:301": "This button ",
    "wm1:mockexam:t-1:5:": "This button ",
    "wm1:mockexam:zz-9:5:0": "There is no course “zz-9”",
    "wm1:mockexamstart:t-1:-1:0": "This button ",
    "wm1:mockexamstart:t-1:5:²": "This button ",
    "wm1:mockexamgo:t-1:{number}": "This button ",
    "wm1:mockexamgo:t-1:{number}:99": "This button ",
    "wm1:mockexamgo:t-1:{number}:x": "This button ",
    "wm1:mockexamgo:t-1:1:0": "is no longer open",
    f"wm1:mockexamgo:t-1:{'9' * 15}:0": "is no longer open",
    f"wm1:mockexamgo:t-1:{'9' * 40}:0": "This button ",
    "wm1:mockexampick:t-1:{number}": "This button ",
    "wm1:mockexampick:t-1:{number}:0": "This button ",
    "wm1:mockexampick:t-1:{number}:0:G": "This button ",
    "wm1:mockexampick:t-1:{number}:0:AA": "This button ",
    "wm1:mockexampick:t-1:{number}:0:A:B:C:D:E:F": "This button ",
    "wm1:mockexampick:t-1:{number}:60:A": "This button ",
    "wm1:mockexampick:t-1:7:0:A": "is no longer open",
    "wm1:mockexamend:t-1": "This button ",
    "wm1:mockexamend:t-1:' or 1=1": "This button ",
    "wm1:mockexamdrop:t-1:7:yes": "is no longer open",
    "wm1:mockexammistake:t-1:{number}:0": "is still open",
    "wm1:mockexammistake:t-1:7:0": "is no longer open",
    "wm1:mockexamreport:t-1:{number}": "is still open",
}


@pytest.mark.parametrize("custom_id", TAMPERED)
async def test_a_forged_button_is_refused_with_a_message(ada, rows, custom_id):
    number = ada.number(await ada.begin(count=5))
    custom_id, says = custom_id.replace("{number}", str(number)), TAMPERED[custom_id]
    old = ada.sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    reply = await ada.sim.click(ada.who, old, "Press")
    assert reply.private
    assert says in reply.text
    assert WRONG not in reply.text
    assert not any(chosen(rows))
    assert rows(OPEN) == [(1,)]


@pytest.mark.parametrize("values", [["Z"], ["A", "A"], ["AB", "A"], ["\u0000"]])
async def test_values_that_the_select_does_not_have_are_refused(ada, rows, values):
    reply = await at(ada, Kind.MULTIPLE, count=24)
    refused = await ada.press(reply, reply.menu["custom_id"], *values)
    assert "This button " in refused.text
    assert not any(chosen(rows))


async def test_another_member_s_press_changes_nothing(ada, rows):
    reply = await ada.begin(count=5)
    for label in ("Next", "Finish"):
        pressed = await ada.sim.press(ada.sim.bruno, reply.custom_id(label), reply.message)
        assert "is no longer open" in pressed.text
    assert rows("select learner_id from mock") == [(ada.who.id,)]
    assert (await ada.exam()).text == reply.text


# --- one after the other, other banks, privacy ----------------------------------------------------------------------


async def test_the_next_exam_has_other_questions_and_shows_earlier_results(ada, rows, clock):
    sets, reply = [], await ada.begin(count=6)
    for wrong in (3, 1, 0, 2, 5):
        reply = await ada.click(reply, "Finish")
        ids = [
            each for (each,) in rows("select question from mock_answer where number = (select max(number) from mock)")
        ]
        if sets:
            assert not set(ids) & set(sets[-1]), "24 questions are enough for two sets of 6"
        sets.append(ids)
        reply = await ada.all_of(await ada.click(reply, "Continue"), wrong=tuple(ids[:wrong]))
        report = await ada.click(reply, "Finish")
        assert f"{6 - wrong} of 6 correct" in report.text
        clock.move(days=1)
        await ada.restart()
        reply = await ada.click(await ada.click(report, "New mock exam"), "Start")
    assert "**Trend:** 50% → 83% → 100% → 67% → **17%**" in report.text
    assert rows("select count(*), count(ended_at) from mock") == [(6, 5)]
    assert rows("select count(distinct number) from mock_answer") == [(2,)], "of the latest and of the open one"
    await ada.click(await ada.click(await ada.click(reply, "Finish"), "Discard"), "Discard")
    preview = await ada.exam()
    assert "Your scores so far: **50% → 83% → 100% → 67% → 17%**" in preview.text


async def test_questions_that_leave_the_bank_count_as_not_asked(ada, small):
    reply = await ada.answer(await ada.begin(count=24))
    gone, following = ada.question(reply), await ada.click(reply, "Next")
    more = ada.question(following).id
    await ada.click(following, "Back")
    await ada.restart(bank_with(small, leave_out=(gone.id,)))
    old = await ada.press(reply, reply.custom_id("Next").replace("mockexamgo", "mockexampick")[:-1] + "1:A")
    assert "This question was removed." in old.text
    later = await ada.exam()
    assert ada.question(later).id == more, "the next one"
    assert "**2 of 23**" in later.text
    assert "1 question was removed and won't count" in later.text
    report = await ada.click(await ada.all_of(later), "Finish")
    assert "23 of 23 correct" in report.text
    assert "1 question was removed and didn't count" in report.text


async def test_no_question_is_left_in_the_bank(ada, small, rows):
    reply = await ada.begin(count=5)
    ids = tuple(each for (each,) in rows("select question from mock_answer"))
    await ada.restart(bank_with(small, leave_out=ids))
    empty = await ada.exam()
    assert "are no longer available" in empty.text
    assert empty.buttons == ["Discard"]
    ended = await ada.click(reply, "Finish")
    assert "so there is no score" in ended.text
    again = await ada.click(ended, "New mock exam")
    assert "**5 questions, untimed**" in again.text
    assert "Your scores so far" not in again.text


async def test_a_course_that_is_no_longer_served(ada, course):
    reply = await ada.begin(count=5)
    await ada.sim.restart(course({"x": {"m": ["u"]}}, code="X-1"))
    assert "There is no course “t-1”" in (await ada.click(reply, "Next")).text


async def test_the_weakest_module_can_be_opened_from_the_report(ada, rows):
    reply = await ada.begin(count=24)
    ids = tuple(each for (each,) in rows("select question from mock_answer where question like 'two-n-%'"))
    report = await ada.click(await ada.all_of(reply, wrong=ids), "Finish")
    assert "**Weakest:** Domain two\n-# Start with Module n (0 of 4)" in report.text
    assert "### Module n" in (await ada.click(report, "Open weakest module")).text


async def test_without_mistakes_there_is_no_button_to_them(ada):
    report = await ada.click(await ada.all_of(await ada.begin(count=5)), "Finish")
    assert "▰▰▰▰▰▰▰▰▰▰ **100%** · A perfect score!" in report.text
    assert report.buttons == ["New mock exam"]
    number = int((await ada.begin(count=5)).custom_id("Finish").split(":")[3]) - 1
    seen = await ada.press(report, f"wm1:mockexammistake:t-1:{number}:0")
    assert "No mistakes to review." in seen.text


async def test_privacy_shows_exports_and_deletes_mock_exams(ada, rows):
    reply = await ada.click(await ada.click(await ada.answer(await ada.begin(count=5)), "Finish"), "Finish anyway")
    assert "1 of 5 correct" in reply.text
    await ada.begin(count=6)
    kept = await ada.sim.privacy(ada.who)
    assert "Mock exams: 2 mock exams, 11 answers" in kept.text
    tables = ada.sim.file(await ada.sim.privacy(ada.who, "Download my data"))["tables"]
    assert [(each["correct"], each["asked"]) for each in tables["mock"]] == [(1, 5), (None, None)]
    assert len([each for each in tables["mock_answer"] if each["chosen"]]) == 1
    await ada.sim.privacy(ada.who, "Delete my data", "Delete everything")
    assert rows("select (select count(*) from mock) + (select count(*) from mock_answer)") == [(0,)]
    assert "Your scores so far" not in (await ada.exam()).text


async def test_each_learner_and_course_has_its_own_exam(ada, bank, rows, sim):
    """Bruno has his own exam. It is the same one in direct messages."""
    reply = await ada.begin(count=5)
    ada.who = sim.bruno
    other = await ada.begin(count=6)
    assert "**1 of 6**" in other.text
    ada.who = sim.bruno.user
    assert (await ada.exam()).text == other.text
    ada.who = sim.ada
    assert (await ada.exam()).text == reply.text
    assert rows(OPEN) == [(2,)]


async def test_domains_without_questions_are_listed(ada, small):
    await ada.restart(bank_with(small, leave_out=tuple(f"two-{module}-{at}" for module in "mn" for at in range(4))))
    preview = await ada.exam(count=6)
    assert "-# 5 · Domain one\n-# 1 · Domain three\n-# Not included: Domain two\n" in preview.text
    report = await ada.click(await ada.all_of(await ada.click(preview, "Start")), "Finish")
    assert "-# Not included: Domain two" in report.text
