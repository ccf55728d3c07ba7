"""Drills in a simulated Discord: from the review panel and back, with restarts and old buttons."""

from tests.cogs.conftest import parts
from tests.review.test_review_commands import GUESS, answer, button, log, shown_to, ticked

__all__ = ["ticked"]


def selects(reply):
    return {part["placeholder"]: part for part in parts(reply.message.components) if part.get("type") == 3}


def listed(rows, who):
    return rows("select question, right_on from mistake where learner_id = ?", who.id)


async def test_mistakes_of_a_review_are_drilled_with_a_restart_between_each_step(ticked, rows):
    sim = ticked
    reply = await sim.command(sim.ada, "review", count=2)
    for _ in range(2):
        reply = await sim.click(sim.ada, await answer(sim, rows, sim.ada, reply, right=False), "Next")
    spoken = sim.channel_texts()
    assert "Drill (2)" in reply.buttons
    await sim.restart()
    reply = await sim.click(sim.ada, reply, "Drill (2)")
    assert reply.private
    assert reply.text.startswith("### AZ-104 drill\n**2 mistakes to drill**\n")
    assert reply.buttons[:2] == ["Drill 2 mistakes", "What helps most"]
    await sim.restart()
    reply = await sim.click(sim.ada, reply, "Drill 2 mistakes")
    assert reply.text.startswith("### AZ-104 drill · 1 of 2\n-# Mistakes · ")
    cards = rows("select * from card where learner_id = ?", sim.ada.id)
    await sim.restart()
    reply = await answer(sim, rows, sim.ada, reply)
    assert reply.buttons == ["Next", GUESS, "Report"]
    assert "-# Learn more: [" in reply.text
    assert "Answer it correctly on another day to take it off your list." in reply.text
    assert "It wasn't due, so your review schedule stays the same." in reply.text
    await sim.restart()
    reply = await answer(sim, rows, sim.ada, await sim.click(sim.ada, reply, "Next"), right=False)
    assert "It stays on your list of mistakes until you answer it correctly on two different days." in reply.text
    ended = await sim.click(sim.ada, reply, "Next")
    assert ended.text.startswith("### AZ-104 drill finished\n**1 of 2 correct**\n")
    assert "2 mistakes on your list." in ended.text
    assert ended.buttons == ["Drill 1 mistake", "Choose a drill", "Review", "Undo last answer"]
    assert rows("select * from card where learner_id = ?", sim.ada.id) == cards
    await sim.restart()
    undone = await sim.click(sim.ada, ended, "Undo last answer")
    assert undone.text.startswith("-# ↩️ Undone. You can answer this question again.\n### AZ-104 drill · 2 of 2")
    assert (await sim.click(sim.ada, undone, "End drill")).text.startswith("### AZ-104 drill finished\n**1 of 1")
    assert sim.channel_texts() == spoken, "nothing is public"


async def test_a_drill_without_questions_says_why(ticked, rows):
    sim = ticked

    async def drill(topic):
        return await sim.click(sim.ada, sim.old_message(button("Drill", f"wm1:drill:az-104:{topic}")), "Drill")

    assert "**Your list of mistakes is empty.**" in (await drill("mistakes")).text
    assert "**Nothing to drill yet.**" in (await drill("helps")).text
    reply = await answer(sim, rows, sim.ada, await sim.command(sim.ada, "review"), right=False)
    await sim.click(sim.ada, reply, "Next")
    reply = await sim.click(sim.ada, await drill("mistakes"), "End drill")
    assert "**You ended this drill.**" in reply.text
    reply = await answer(sim, rows, sim.ada, await sim.click(sim.ada, reply, "Drill 1 mistake"))
    await sim.click(sim.ada, reply, "Next")
    reply = await drill("mistakes")
    assert (
        "**No mistakes to drill right now.**\n1 mistake on your list. Answer it correctly on another day" in reply.text
    )


async def test_a_guess_goes_on_the_list_and_the_next_question_follows(ticked, rows):
    sim = ticked
    reply = await answer(sim, rows, sim.ada, await sim.command(sim.ada, "review"))
    question, _ = shown_to(rows, sim.ada)
    assert listed(rows, sim.ada) == []
    reply = await sim.click(sim.ada, reply, GUESS)
    assert "2 of 10" in reply.text
    assert listed(rows, sim.ada) == [(question, None)]
    assert log(rows, sim.ada) == [(question, 2, 1)]


async def test_a_domain_a_skill_and_a_path_can_be_chosen(ticked, rows):
    sim, course = ticked, ticked.study.catalogue.default
    bank, domain = sim.study.catalogue.banks[course.id], course.exam.domains[0]
    skill, path = domain.skills[0], course.paths[-1]

    async def panel():
        return await sim.click(sim.ada, sim.old_message(button("Drill", "wm1:drillpanel:az-104")), "Drill")

    async def choose(reply, placeholder, value):
        return await sim.press(sim.ada, selects(reply)[placeholder]["custom_id"], reply.message, value)

    reply = await panel()
    assert reply.private
    assert "**No mistakes to drill right now**" in reply.text
    assert list(selects(reply)) == ["Choose an exam domain", "Choose a learning path"]
    for value, questions in (("-", bank.of_domain[domain.id]), (skill.id, bank.of_skill[skill.id])):
        skills = await choose(await panel(), "Choose an exam domain", domain.id)
        await choose(skills, "Choose a skill", value)
        assert shown_to(rows, sim.ada)[0] in {question.id for question in questions}
    await choose(await panel(), "Choose a learning path", path.route)
    assert shown_to(rows, sim.ada)[0] in {question.id for question in bank.of_route[path.route]}


async def test_home_readiness_and_plan_lead_to_the_drill(ticked, rows):
    sim = ticked
    await sim.click(
        sim.ada, await answer(sim, rows, sim.ada, await sim.command(sim.ada, "review"), right=False), "Next"
    )
    old = sim.old_message(button("Plan", "wm1:plan:az-104"))
    await sim.study.plans.set_exam(sim.ada.id, sim.study.catalogue.default, sim.study.now().date().replace(year=2027))
    for reply in (
        await sim.command(sim.ada, "start"),
        await sim.command(sim.ada, "readiness"),
        await sim.click(sim.ada, old, "Plan"),
    ):
        if "How many hours" not in reply.text:
            assert "Drill 1 mistake" in reply.buttons
    drill = await sim.click(sim.ada, await sim.command(sim.ada, "start"), "Drill 1 mistake")
    assert drill.text.startswith("### AZ-104 drill · 1 of 1")


async def test_a_forged_drill_is_refused_with_a_message(ticked, rows):
    sim = ticked
    for state in ("", ":az-104", ":az-104:all", ":az-104:domain", ":az-104:exam:x", ":az-104:skill:99", ":zz:mistakes"):
        old = sim.old_message(button("Press", f"wm1:drill{state}"))
        reply = await sim.click(sim.ada, old, "Press")
        assert reply.private
        assert "Something went wrong" not in reply.text
    assert rows("select count(*) from reviewing") == [(0,)]
