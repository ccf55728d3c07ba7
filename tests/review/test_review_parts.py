"""Questions of parts, exhibits and case studies in a review: selects, Check, restarts, old and forged presses."""

import pytest
import yaml

from bot.client.bot import StudyBot
from bot.core.course.catalogue import Catalogue
from bot.core.questions.answer import letters_of
from bot.core.questions.bank import read_bank
from bot.study import Study
from tests.cogs.conftest import WRONG, parts

QUESTIONS = {
    "yesno": {
        "kind": "yesno",
        "exhibit": "Name  Lock\nVM1   Delete\n",
        "statements": [{"text": f"Statement {n}", "answer": n == 1} for n in range(3)],
    },
    "complete": {
        "kind": "complete",
        "command": "az vm create \\\n  [1] VM1 \\\n  [2] RG1",
        "command_format": "bash",
        "gaps": [
            {"right": "--name", "options": ["--name", "--id", "--title"]},
            {"right": "--resource-group", "options": ["--resource-group", "--scope", "--plan"]},
        ],
    },
    "matching": {
        "kind": "matching",
        "choices": ["LRS", "ZRS", "GRS"],
        "items": [{"text": f"Item {n}", "answer": "ZRS"} for n in range(3)],
    },
}
BUTTON = {"type": 2, "style": 1, "label": "Press"}
CASES = [{"id": "shop", "title": "A shop", "text": "It sells *things*.\n**Needs**\n- More"}]


def bank_with(course, kind):
    module = course.paths[0].modules[0].id
    base = {"difficulty": 1, "prompt": "Look at it. What now?", "explanation": "Because.", "module": module}
    questions = [{"id": kind, **base, **QUESTIONS[kind], "references": ["https://example.org/docs"]}]
    truth = {"kind": "truth", "answer": True, "case": "shop", "references": ["https://example.org/docs"]}
    questions += [{"id": f"case-{n}", **base, **truth} for n in range(4)]
    for question in questions:
        question["skill"] = "none"
    file = yaml.safe_dump({"questions": questions, "cases": CASES}, sort_keys=False)
    return read_bank({course.paths[0].id: file}, course)


async def restart(sim, bank):
    """Restart the bot on the same database, with this bank."""
    catalogue = Catalogue([bank.course], bank.course.id, {bank.course.id: bank})
    sim.study = await Study.open(sim.store, catalogue, now=sim.study.now)
    await sim.env.restart_bot(StudyBot(sim.study, sim.store, shard_count=1))


@pytest.fixture(params=list(QUESTIONS))
async def asked(sim, request):
    """A review with the question of this kind as the first one, and the question."""
    course = sim.study.catalogue.default
    bank = bank_with(course, request.param)
    await restart(sim, bank)
    await sim.command(sim.ada, "complete", what=course.paths[0].modules[0].route)
    return bank.questions[request.param], await sim.command(sim.ada, "review")


def menus(reply):
    return [part for part in parts(reply.message.components) if part.get("type") == 3]


def seed_of(rows):
    return rows("select seed from reviewing")[0][0]


def log(rows):
    return rows("select question, correct, chosen from review order by number")


async def choose(sim, who, reply, number, letter):
    return await sim.press(who, menus(reply)[number]["custom_id"], reply.message, letter)


async def test_parts_are_chosen_one_by_one_and_checked_together(sim, rows, asked):
    question, reply = asked
    assert "Look at it. **What now?**" in reply.text
    assert len(menus(reply)) == len(question.parts)
    assert "Check" not in reply.buttons
    letters = letters_of(question, seed_of(rows), question.right)
    for number, letter in enumerate(letters):
        assert "Check" not in reply.buttons, "only once all parts are chosen"
        await restart(sim, sim.study.catalogue.banks["az-104"])
        reply = await choose(sim, sim.ada, reply, number, letter)
        assert [one["value"] for one in menus(reply)[number]["options"] if one["default"]] == [letter]
    assert log(rows) == [], "nothing is recorded before it is checked"
    marked = await sim.click(sim.ada, reply, "Check")
    assert marked.text.startswith("### ✅ Correct · 1 of 10")
    assert log(rows) == [(question.id, 1, ",".join(map(str, question.right)))]
    for part in question.parts:
        assert f"→ **{part.options[part.right]}** · correct" in marked.text
    assert "-# Learn more: [Documentation](https://example.org/docs)" in marked.text


async def test_a_wrong_part_is_shown_next_to_the_right_one(sim, rows, asked):
    question, reply = asked
    wrong = ((question.right[0] + 1) % 2, *question.right[1:])
    for number, letter in enumerate(letters_of(question, seed_of(rows), wrong)):
        reply = await choose(sim, sim.ada, reply, number, letter)
    marked = await sim.click(sim.ada, reply, "Check")
    right = len(question.parts) - 1
    assert marked.text.startswith(f"### ❌ Incorrect, {right} of {len(question.parts)} right · 1 of 10")
    part = question.parts[0]
    assert f"→ **{part.options[part.right]}** · your answer: {part.options[wrong[0]]}" in marked.text
    assert marked.text.count("✅") == right
    assert [entry[1] for entry in log(rows)] == [0], "a review counts only whole answers"


async def test_choices_can_be_changed_before_the_check(sim, rows, asked):
    question, reply = asked
    first, *rest = letters_of(question, seed_of(rows), question.right)
    other = "B" if first == "A" else "A"
    for number, letter in enumerate((other, *rest)):
        reply = await choose(sim, sim.ada, reply, number, letter)
    reply = await choose(sim, sim.ada, reply, 0, first)
    assert (await sim.click(sim.ada, reply, "Check")).text.startswith("### ✅ Correct")


async def test_old_messages_and_strangers(sim, rows, asked):
    question, reply = asked
    letters = letters_of(question, seed_of(rows), question.right)
    for number, letter in enumerate(letters):
        reply = await choose(sim, sim.ada, reply, number, letter)
    (made,) = [part["custom_id"] for part in parts(reply.message.components) if part.get("label") == "Check"]
    stranger = await sim.press(sim.bruno, made, sim.old_message({**BUTTON, "custom_id": made}))
    assert stranger.private
    assert stranger.text.startswith("⚠️ ")
    assert log(rows) == []
    await sim.press(sim.ada, made, sim.old_message({**BUTTON, "custom_id": made}))
    again = await sim.press(sim.ada, made, sim.old_message({**BUTTON, "custom_id": made}))
    assert again.text.startswith("### ✅ Correct"), "the answer is shown again"
    assert len(log(rows)) == 1, "and recorded once"


@pytest.mark.parametrize(
    "rest", ["", ":A", ":AAAAAA:check", ":-----:check", ":---:9", ":---:x", ":AAA:0:1", ":zzz:check"]
)
async def test_forged_presses_are_refused(sim, rows, asked, rest):
    _, reply = asked
    key = menus(reply)[0]["custom_id"].removeprefix("wms1:").rsplit(":", 2)[0]
    for kind, values in (("wm1", ()), ("wms1", ("A",)), ("wms1", ("Z",)), ("wms1", ("A", "Z"))):
        options = [{"label": value, "value": value} for value in "ABZ"]
        component = {"type": 3, "options": options, "max_values": 2} if values else BUTTON
        old = sim.old_message({**component, "custom_id": f"{kind}:{key}{rest}"})
        answer = await sim.press(sim.ada, f"{kind}:{key}{rest}", old, *values)
        assert WRONG not in answer.text
    assert log(rows) == []


async def test_an_unfinished_check_keeps_the_question_open(sim, rows, asked):
    question, reply = asked
    key = menus(reply)[0]["custom_id"].removeprefix("wms1:").rsplit(":", 2)[0]
    open_letters = "-" * (len(question.parts) - 1) + "A"
    made = f"wm1:{key}:{open_letters}:check"
    old = sim.old_message({**BUTTON, "custom_id": made})
    answer = await sim.press(sim.ada, made, old)
    assert "### AZ-104 review · 1 of 10" in answer.text
    assert "Check" not in answer.buttons
    assert log(rows) == []


async def test_a_case_study_stays_above_its_questions(sim, rows, asked):
    question, reply = asked
    for number, letter in enumerate(letters_of(question, seed_of(rows), question.right)):
        reply = await choose(sim, sim.ada, reply, number, letter)
    marked = await sim.click(sim.ada, reply, "Check")
    reply = await sim.click(sim.ada, marked, marked.buttons[-2])
    assert "**Case study: A shop** · question 1 of 4\nIt sells \\*things\\*.\n**Needs**\n- More" in reply.text
    marked = await sim.click(sim.ada, reply, "True")
    assert "**Case study: A shop**" in marked.text
