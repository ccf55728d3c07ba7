"""``/review`` in a simulated Discord, with restarts, several devices and old buttons."""

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.questions.answer import letters_of, shuffled
from bot.core.questions.question import LETTERS, MANY_PARTS, Kind
from bot.core.questions.review import NEW_PER_DAY
from tests.cogs.conftest import WRONG, parts
from tests.review.conftest import made_bank

SHELL = "Introduction to Azure Cloud Shell"
RATINGS = ["Hard · 6 min", "Good · 10 min", "Easy · 8 d"]
GUESS = "I guessed"


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
    (question,) = [
        bank.questions[question_id] for bank in sim.study.catalogue.banks.values() if question_id in bank.questions
    ]
    order = shuffled(question, seed)
    if question.kind in MANY_PARTS:
        given = question.right if right else tuple((index + 1) % 2 for index in question.right)
        for number, letter in enumerate(letters_of(question, seed, given)):
            menus = [part for part in parts(reply.message.components) if part.get("type") == 3]
            reply = await sim.press(who, menus[number]["custom_id"], reply.message, letter)
        return await sim.click(who, reply, "Check")
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


def button(label, custom_id):
    return {"type": 2, "style": 2, "label": label, "custom_id": custom_id}


def log(rows, who):
    return rows("select question, rating, correct from review where learner_id = ? order by number", who.id)


async def test_a_round_with_a_restart_between_each_step(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review", count=3)
    assert reply.private
    assert reply.text.startswith("### AZ-104 review · 1 of 3 · new\n-# ")
    assert "Undo last answer" not in reply.buttons
    for place, (right, press, rated) in enumerate(
        [(True, "Good · 10 min", 3), (False, "Next", 1), (True, "Easy · 8 d", 4)], 1
    ):
        await sim.restart()
        reply = await answer(sim, rows, sim.ada, reply, right=right)
        assert reply.text.startswith(f"### {'✅ Correct' if right else '❌ Incorrect'} · {place} of 3")
        assert reply.buttons == [*([GUESS, *RATINGS] if right else ["Next"]), "Report"]
        assert "-# Learn more: [" in reply.text
        assert ("How well did you know it?" in reply.text) is right
        assert ("This question comes back <t:" in reply.text) is not right
        assert log(rows, sim.ada)[-1][1:] == (3 if right else 1, int(right)), "recorded at once"
        await sim.restart()
        reply = await sim.click(sim.ada, reply, press)
        assert log(rows, sim.ada)[-1][1:] == (rated, int(right))
    assert "### AZ-104 review complete\n**2 of 3 correct**" in reply.text
    assert "**Read again**\n- [" in reply.text
    assert "The next question is due <t:" in reply.text
    assert reply.buttons[:2] == ["Review again", "More questions"]
    assert sim.channel_texts() == [text for text in sim.channel_texts() if "AZ-104 review" not in text], "all private"
    await sim.restart()
    undone = await sim.click(sim.ada, reply, "Undo last answer")
    assert "Undone. **How well did you know it?**" in undone.text
    assert len(log(rows, sim.ada)) == 2
    await sim.restart()
    ended = await sim.click(sim.ada, undone, "Hard · 6 min")
    assert "**2 of 3 correct**" in ended.text
    assert [rating for _, rating, _ in log(rows, sim.ada)] == [3, 1, 2]


async def test_every_kind_of_question_can_be_answered(sim, rows):
    for path in sim.study.catalogue.default.paths:
        await sim.command(sim.ada, "complete", what=path.id)
    bank = sim.study.catalogue.banks["az-104"]
    reply, kinds = await sim.command(sim.ada, "review", count=50), set()
    while kinds != set(Kind):
        question = bank.questions[shown_to(rows, sim.ada)[0]]
        if question.kind not in kinds:
            await sim.restart()
        marked = await answer(sim, rows, sim.ada, reply)
        assert marked.text.startswith("### ✅ Correct"), question.kind
        assert log(rows, sim.ada)[-1][::2] == (question.id, 1)
        kinds.add(question.kind)
        reply = await sim.click(sim.ada, marked, marked.buttons[-2])
        if "review complete" in reply.text:
            (label,) = [each for each in reply.buttons if each.endswith("more new questions")]
            reply = await sim.click(sim.ada, reply, label)


async def test_another_device_continues_and_the_first_one_shows_the_same_answer(ticked, rows):
    sim = ticked
    phone = await sim.command(sim.ada, "review")
    desk = await sim.command(sim.ada, "review")
    assert phone.text == desk.text, "the same card in the same order"
    first = await answer(sim, rows, sim.ada, desk)
    second = await answer(sim, rows, sim.ada, phone, right=False)
    assert second.text.split("\n", 1)[0] == first.text.split("\n", 1)[0] == "### ✅ Correct · 1 of 10"
    assert len(log(rows, sim.ada)) == 1
    resumed = await sim.command(sim.ada, "review")
    assert resumed.buttons == [GUESS, *RATINGS, "Report"]
    following = await sim.click(sim.ada, resumed, RATINGS[1])
    assert "2 of 10" in following.text
    old = await sim.click(sim.ada, second, RATINGS[0])
    assert "You've moved on since this question, so that tap didn't count." in old.text
    assert log(rows, sim.ada)[0][1] == 3


async def test_two_presses_at_once_count_once(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    letters = [label for label in reply.buttons if label in LETTERS][:2]
    both = await sim.concurrently(*(sim.click(sim.ada, reply, letter) for letter in letters))
    assert both[0].text.split("\n")[0] == both[1].text.split("\n")[0]
    assert len(log(rows, sim.ada)) == 1
    both = await sim.concurrently(*(sim.click(sim.ada, both[0], both[0].buttons[-2]) for _ in range(2)))
    assert sorted("moved on since" in each.text for each in both) == [False, True]
    both = await sim.concurrently(*(sim.click(sim.ada, both[0], "Undo last answer") for _ in range(2)))
    assert len(log(rows, sim.ada)) == 0
    assert not [each.text for each in both if WRONG in each.text]


async def test_a_leaked_button_acts_on_the_presser_s_own_review(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    pressed = await sim.press(sim.bruno, reply.custom_id("A"), reply.message)
    assert "This review has ended." in pressed.text
    assert log(rows, sim.ada) == log(rows, sim.bruno) == []


@pytest.mark.parametrize(
    "custom_id",
    ["wm1:reviewpick", "wm1:reviewpick:az-104", "wm1:reviewpick:az-104:x:y:A", "wm1:reviewpick:az-104:1:00000000:A",
     f"wm1:reviewpick:az-104:{'9' * 30}:0:A", "wm1:rate:az-104:1:9", "wm1:rate:az-104:1", "wm1:rate:az-104:²:3",
     "wm1:reviewundo:az-104:1", "wm1:reviewundo", "wm1:reviewmore", "wm1:reviewstats:zz", "wm1:reviewpick:zz:1:0:A",
     "wm1:reviewpath:az-104",
     "wm1:review:az-400", "wm1:review:az-104:1"],
)  # fmt: skip
async def test_a_forged_button_is_refused_with_a_message(ticked, rows, custom_id):
    old = ticked.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    reply = await ticked.click(ticked.ada, old, "Press")
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert rows("select count(*) from review") == [(0,)]


async def test_nothing_completed_yet_is_a_neutral_message_with_one_button(sim, rows):
    reply = await sim.command(sim.ada, "review")
    assert "**Nothing to review yet.**" in reply.text
    assert "⚠️" not in reply.text
    assert reply.buttons == ["Try some questions"]
    await sim.restart()
    assert "1 of 10 · new" in (await sim.click(sim.ada, reply, "Try some questions")).text


async def test_the_button_of_other_messages_starts_or_continues_a_review(ticked, rows):
    sim = ticked
    panel = sim.old_message({"type": 2, "style": 1, "label": "Review", "custom_id": "wm1:review:az-104"})
    started = await sim.click(sim.ada, panel, "Review")
    assert started.private
    assert "1 of 10 · new" in started.text
    await sim.click(sim.ada, await answer(sim, rows, sim.ada, started), RATINGS[1])
    await sim.restart()
    assert "2 of 10 · new" in (await sim.click(sim.ada, panel, "Review")).text
    assert "Nothing to review yet" in (await sim.click(sim.bruno, panel, "Review")).text, "a stranger gets their own"


async def test_more_new_questions_can_be_requested_after_the_daily_limit(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review")
    for _ in range(NEW_PER_DAY):
        reply = await answer(sim, rows, sim.ada, reply)
        reply = await sim.click(sim.ada, reply, "Easy · 8 d")
    assert "**10 of 10 correct**" in reply.text
    assert "That's all the new questions for today;" in reply.text
    assert not {"Review again", "More questions"} & set(reply.buttons)
    (label,) = [each for each in reply.buttons if each.endswith("more new questions")]
    nothing = await sim.command(sim.ada, "review")
    assert "**Nothing to review right now.**" in nothing.text
    stats = await sim.click(sim.ada, nothing, "Stats")
    assert "**You'd remember about 100% of the 10 questions you've answered.**" in stats.text
    await sim.restart()
    assert "1 of 10 · new" in (await sim.click(sim.ada, reply, label)).text


async def test_what_was_answered_wrong_is_not_shown_as_remembered(ticked, rows):
    """Nine of ten wrong; then they are asked again, at once."""
    sim, reply = ticked, await sim_review(ticked)
    for number in range(10):
        marked = await answer(sim, rows, sim.ada, reply, right=number == 4)
        reply = await sim.click(sim.ada, marked, "Good · 10 min" if number == 4 else "Next")
    assert "### AZ-104 review complete\n**1 of 10 correct**" in reply.text
    assert reply.text.count("- [") == 3, "what to read, at most three units"
    assert reply.buttons[0] == "Review again"
    again = sim.old_message(button("Review again", reply.custom_id("Review again")))
    stats = await sim.click(sim.ada, reply, "Stats")
    assert "**You'd remember about 10% of the 10 questions you've answered.**" in stats.text
    await sim.restart()
    first = await sim.click(sim.ada, again, "Review again")
    assert "· 1 of 9 · due" in first.text
    marked = await answer(sim, rows, sim.ada, first)
    await sim.click(sim.ada, marked, marked.buttons[2])
    stats = await sim.click(sim.ada, sim.old_message(button("Stats", "wm1:reviewstats:az-104")), "Stats")
    assert "**You'd remember about 20% of the 10 questions you've answered.**" in stats.text


async def sim_review(sim, **options):
    return await sim.command(sim.ada, "review", **options)


@pytest.mark.parametrize("rating", [2, 3, 4])
async def test_a_wrong_answer_cant_be_rated_as_known(ticked, rows, rating):
    sim = ticked
    marked = await answer(sim, rows, sim.ada, await sim_review(sim), right=False)
    forged = sim.old_message(button("Good", marked.custom_id("Next")[:-1] + str(rating)))
    assert "out of date" in (await sim.click(sim.ada, forged, "Good")).text
    assert [each[1:] for each in log(rows, sim.ada)] == [(1, 0)]


async def test_a_wrong_answer_can_be_undone_and_given_again(ticked, rows):
    sim = ticked
    marked = await answer(sim, rows, sim.ada, await sim_review(sim), right=False)
    question = shown_to(rows, sim.ada)[0]
    following = await sim.click(sim.ada, marked, "Next")
    await sim.restart()
    undone = await sim.click(sim.ada, following, "Undo last answer")
    assert "-# ↩️ Undone. You can answer this question again." in undone.text
    assert "1 of 10 · new" in undone.text
    assert (shown_to(rows, sim.ada)[0], log(rows, sim.ada)) == (question, [])
    await sim.restart()
    assert (await answer(sim, rows, sim.ada, undone)).text.startswith("### ✅ Correct · 1 of 10")


async def test_a_review_can_be_limited_to_a_path_at_its_end(ticked, rows):
    sim = ticked
    await sim.command(sim.ada, "complete", what="deploy")
    marked = await answer(sim, rows, sim.ada, await sim_review(sim, count=1))
    ended = await sim.click(sim.ada, marked, "Easy · 8 d")
    chosen = "Deploy and manage Azure compute resources"
    assert "All learning paths" in ended.options()
    await sim.restart()
    reply = await sim.choose(sim.ada, ended, chosen)
    assert "1 of 10 · new" in reply.text
    bank = sim.study.catalogue.banks["az-104"]
    assert bank.questions[shown_to(rows, sim.ada)[0]].route.startswith("deploy/")
    options = [{"label": "Gone", "value": "gone"}, {"label": "Deploy", "value": "deploy"}]
    menu = sim.old_message({"type": 3, "custom_id": "wms1:reviewpath:az-104", "options": options})
    for value, says in (("gone", "This button is out of date."), ("deploy", "**Nothing to review yet.**")):
        assert says in (await sim.press(sim.bruno, "wms1:reviewpath:az-104", menu, value)).text
    assert log(rows, sim.bruno) == []


async def test_the_options_are_course_and_count(sim):
    (command,) = [each for each in sim.bot.tree.get_commands() if each.name == "review"]
    assert {each.name for each in command.parameters} == {"course", "count"}
    nothing = await sim.command(sim.ada, "review", course="az-400")
    assert "There are no questions on AZ-400 yet." in nothing.text


async def test_stats_before_and_after_the_first_answer(ticked, rows):
    sim = ticked
    ended = await sim.command(sim.ada, "review", count=1)
    stats = await sim.click(sim.bruno, sim.old_message(button("Stats", "wm1:reviewstats:az-104")), "Stats")
    assert stats.private
    assert "**You haven't answered any questions yet.**" in stats.text
    assert stats.buttons == ["Review"]
    marked = await answer(sim, rows, sim.ada, ended, right=False)
    ended = await sim.click(sim.ada, marked, "Next")
    stats = await sim.click(sim.ada, ended, "Stats")
    assert "**You'd remember about 0% of the 1 question you've answered.**" in stats.text
    assert "**Last 30 days:** 1 answer" in stats.text
    assert "**New:** 9 today" in stats.text


async def test_a_question_that_left_the_bank_while_it_was_shown(sim, store, small, rows):
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small)})
    await sim.restart()
    reply = await sim.click(sim.ada, await sim.command(sim.ada, "review"), "Try some questions")
    assert "What of m1?" in reply.text
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small, "m1", changed="m2")})
    await sim.restart()
    reply = await sim.click(sim.ada, reply, "A")
    assert "-# ↩️ That question was removed." in reply.text
    assert "Quite another question?" in reply.text
    sim.study.catalogue = Catalogue([small], small.id, {small.id: made_bank(small, "m1")})
    await sim.restart()
    again = await sim.click(sim.ada, reply, "A")
    assert "This question has been updated." in again.text
    assert "What of m2?" in again.text
    assert log(rows, sim.ada) == []
    assert (await answer(sim, rows, sim.ada, again)).text.startswith("### ✅ Correct")


async def test_in_direct_messages(sim, rows):
    me = sim.ada.user
    reply = await sim.click(me, await sim.command(me, "review"), "Try some questions")
    reply = await answer(sim, rows, me, reply)
    assert "✅ Correct" in reply.text
