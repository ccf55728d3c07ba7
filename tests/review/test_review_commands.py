"""``/review`` in a simulated Discord, with restarts, several devices and old buttons."""

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.questions.question import LETTERS, Kind, shuffled
from bot.core.questions.review import NEW_PER_DAY
from tests.cogs.conftest import WRONG, text_of
from tests.review.conftest import made_bank

SHELL = "Introduction to Azure Cloud Shell"
RATINGS = ["Again · 1 min", "Hard · 6 min", "Good · 10 min", "Easy · 8 d"]


@pytest.fixture
async def ticked(sim):
    await sim.command(sim.ada, "complete", what="prerequisites")
    return sim


def shown_to(rows, who):
    """The question and the seed of the current card."""
    ((question, seed),) = rows("select question, seed from reviewing where learner_id = ?", who.id)
    return question, seed


async def answer(sim, rows, who, reply, *, right=True):
    """Answer the card, with several presses if it needs them."""
    question_id, seed = shown_to(rows, who)
    (bank,) = sim.study.catalogue.banks.values()
    question = bank.questions[question_id]
    order = shuffled(question, seed)
    wanted = question.right
    if not right:
        wrong = [index for index in range(len(question.texts)) if index not in question.right]
        wanted = tuple(reversed(question.right)) if question.kind is Kind.ORDER else tuple(wrong[:1])
    letters = [LETTERS[order.index(index)] for index in wanted]
    match question.kind:
        case Kind.MULTIPLE:
            (menu,) = [part for part in walk(reply) if part.get("type") == 3]
            return await sim.press(who, menu["custom_id"], reply.message, *letters)
        case Kind.TRUTH:
            return await sim.click(who, reply, question.texts[wanted[0]])
        case _:
            for letter in letters:
                reply = await sim.click(who, reply, letter)
            return reply


def walk(reply):
    stack = list(reply.message.components)
    while stack:
        part = stack.pop()
        yield part
        stack += part.get("components", [])


def log(rows, who):
    return rows("select question, rating, correct from review where learner_id = ? order by number", who.id)


async def test_a_round_with_a_restart_between_each_step(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review", count=3)
    assert reply.private
    assert reply.text.startswith(f"### AZ-104 review · 1 of 3 · new\n-# {SHELL}\n**")
    assert "Undo last" not in reply.buttons
    for place, (right, press, rated) in enumerate(
        [(True, "Good · 10 min", 3), (False, "Again · 1 min", 1), (True, "Easy · 8 d", 4)], 1
    ):
        await sim.restart()
        reply = await answer(sim, rows, sim.ada, reply, right=right)
        assert reply.text.startswith(f"### {'✅ Right' if right else '❌ Not quite'} · {place} of 3")
        assert reply.buttons == RATINGS
        assert "-# Read it: [" in reply.text
        usual = "Good" if right else "Again"
        assert f"**{usual}**: it comes back <t:" in reply.text
        assert log(rows, sim.ada)[-1][1:] == (3 if right else 1, int(right)), "recorded at once"
        await sim.restart()
        reply = await sim.click(sim.ada, reply, press)
        assert log(rows, sim.ada)[-1][1:] == (rated, int(right))
    assert "**2 of 3 right**" in reply.text
    assert "The next card is due <t:" in reply.text
    assert sim.channel_texts() == [text for text in sim.channel_texts() if "review" not in text], "all private"
    await sim.restart()
    undone = await sim.click(sim.ada, reply, "Undo last")
    assert "Taken back: nothing is recorded until you rate it." in undone.text
    assert len(log(rows, sim.ada)) == 2
    await sim.restart()
    ended = await sim.click(sim.ada, undone, "Hard · 6 min")
    assert "**2 of 3 right**" in ended.text
    assert [rating for _, rating, _ in log(rows, sim.ada)] == [3, 1, 2]


async def test_every_kind_of_question_can_be_answered(sim, rows):
    for path in sim.study.catalogue.default.paths:
        await sim.command(sim.ada, "complete", what=path.id)
    (bank,) = sim.study.catalogue.banks.values()
    kinds = {}
    for question in bank.questions.values():
        kinds.setdefault(question.kind, question)
    assert set(kinds) == set(Kind)
    for kind, question in kinds.items():
        reply = await sim.command(sim.ada, "review", path=question.route, count=20)
        while shown_to(rows, sim.ada)[0] != question.id:
            marked = await answer(sim, rows, sim.ada, reply)
            reply = await sim.click(sim.ada, marked, marked.buttons[2])
        await sim.restart()
        marked = await answer(sim, rows, sim.ada, reply)
        assert marked.text.startswith("### ✅ Right"), kind
        assert log(rows, sim.ada)[-1][::2] == (question.id, 1)


async def test_another_device_continues_and_the_first_one_shows_the_same_answer(ticked, rows):
    sim = ticked
    phone = await sim.command(sim.ada, "review")
    desk = await sim.command(sim.ada, "review")
    assert phone.text == desk.text, "the same card in the same order"
    first = await answer(sim, rows, sim.ada, desk)
    second = await answer(sim, rows, sim.ada, phone, right=False)
    assert second.text.split("\n", 1)[0] == first.text.split("\n", 1)[0] == "### ✅ Right · 1 of 10"
    assert len(log(rows, sim.ada)) == 1
    resumed = await sim.command(sim.ada, "review")
    assert resumed.buttons == RATINGS
    following = await sim.click(sim.ada, resumed, RATINGS[2])
    assert "2 of 10" in following.text
    old = await sim.click(sim.ada, second, RATINGS[0])
    assert "You have gone on since this was shown; nothing was counted." in old.text
    assert log(rows, sim.ada)[0][1] == 3


async def test_two_presses_at_once_count_once(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    letters = [label for label in reply.buttons if label in LETTERS][:2]
    both = await sim.concurrently(*(sim.click(sim.ada, reply, letter) for letter in letters))
    assert both[0].text.split("\n")[0] == both[1].text.split("\n")[0]
    assert len(log(rows, sim.ada)) == 1
    both = await sim.concurrently(*(sim.click(sim.ada, both[0], "Easy · 8 d") for _ in range(2)))
    assert sorted("gone on since" in each.text for each in both) == [False, True]
    both = await sim.concurrently(*(sim.click(sim.ada, both[0], "Undo last") for _ in range(2)))
    assert len(log(rows, sim.ada)) == 0
    assert not [each.text for each in both if WRONG in each.text]


async def test_a_leaked_button_acts_on_the_presser_s_own_review(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    pressed = await sim.press(sim.bruno, reply.custom_id("A"), reply.message)
    assert "begins a new one" in pressed.text
    assert log(rows, sim.ada) == log(rows, sim.bruno) == []


@pytest.mark.parametrize(
    "custom_id",
    ["wm1:review", "wm1:review:az-104", "wm1:review:az-104:x:y:A", "wm1:review:az-104:1:00000000:A",
     f"wm1:review:az-104:{'9' * 30}:0:A", "wm1:rate:az-104:1:9", "wm1:rate:az-104:1", "wm1:rate:az-104:²:3",
     "wm1:reviewundo:az-104:1", "wm1:reviewundo", "wm1:reviewmore", "wm1:reviewstats:zz", "wm1:review:zz:1:0:A",
     "wm1:reviewgo:dp-900"],
)  # fmt: skip
async def test_a_forged_button_is_refused_with_a_message(ticked, rows, custom_id):
    old = ticked.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    reply = await ticked.click(ticked.ada, old, "Press")
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert rows("select count(*) from review") == [(0,)]


async def test_without_ticks_the_next_step_is_shown(sim, rows):
    reply = await sim.command(sim.ada, "review")
    assert "**Nothing is ticked yet**" in reply.text
    assert reply.buttons == ["Begin with modules ahead", "Next module"]
    await sim.restart()
    assert f"1 of 10 · new\n-# {SHELL}" in (await sim.click(sim.ada, reply, "Begin with modules ahead")).text
    empty = await sim.command(sim.bruno, "review")
    assert f"[{SHELL}]" in (await sim.click(sim.bruno, empty, "Next module")).text
    assert "1 of 2 · new" in (await sim.command(sim.bruno, "review", new=True, count=2)).text


async def test_more_new_cards_can_be_requested_after_the_daily_limit(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    for _ in range(NEW_PER_DAY):
        reply = await answer(sim, rows, sim.ada, reply)
        reply = await sim.click(sim.ada, reply, "Easy · 8 d")
    assert "**10 of 10 right**" in reply.text
    assert "Those were today's new cards;" in reply.text
    assert "Go on" not in reply.buttons
    (label,) = [each for each in reply.buttons if each.endswith("more new")]
    stats = await sim.click(sim.ada, await sim.command(sim.ada, "review"), "Stats")
    assert "**100 %** of 10 answered cards recalled now" in stats.text
    await sim.restart()
    assert "1 of 10 · new" in (await sim.click(sim.ada, reply, label)).text


async def test_the_path_option_accepts_what_other_commands_accept(ticked):
    sim = ticked
    offered = await sim.offered(sim.ada, "review", "path", "depl")
    assert "deploy" in offered.values()
    await sim.command(sim.ada, "complete", what="deploy")
    reply = await sim.command(sim.ada, "review", path="deploy")
    assert "1 of 10 · new" in reply.text
    assert "Introduction to Azure virtual machines" in reply.text
    assert "no learning path" in (await sim.command(sim.ada, "review", path="deplyoo")).text
    nothing = await sim.command(sim.ada, "review", course="dp-900")
    assert "There are no questions on DP-900 yet." in nothing.text


async def test_stats_before_and_after_the_first_answer(ticked, rows):
    sim = ticked
    stats = await sim.command(sim.ada, "review", show="stats")
    assert stats.private
    assert "**No card answered yet.**" in stats.text
    assert "**New:** 10 for today" in stats.text
    reply = await sim.click(sim.ada, stats, "Review")
    await answer(sim, rows, sim.ada, reply, right=False)
    stats = await sim.command(sim.ada, "review", show="stats")
    assert "**0 %** of 1 answered card recalled now" in stats.text
    assert "**30 days:** 1 answer" in stats.text


async def test_a_question_that_left_the_bank_while_it_was_shown(sim, store, small, rows):
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small)})
    await sim.restart()
    reply = await sim.command(sim.ada, "review", new=True)
    assert "What of m1?" in reply.text
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small, "m1", changed="m2")})
    await sim.restart()
    reply = await sim.click(sim.ada, reply, "A")
    assert "-# ↩️ That question has left the bank" in reply.text
    assert "Quite another question?" in reply.text
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small, "m1")})
    await sim.restart()
    again = await sim.click(sim.ada, reply, "A")
    assert "This question was changed since" in again.text
    assert "What of m2?" in again.text
    assert log(rows, sim.ada) == []
    assert (await answer(sim, rows, sim.ada, again)).text.startswith("### ✅ Right")


async def test_in_direct_messages(sim, rows):
    me = sim.ada.user
    reply = await sim.command(me, "review", new=True)
    reply = await answer(sim, rows, me, reply)
    assert "✅ Right" in reply.text
    assert text_of(reply.message.components).count("<t:") == 1
