"""``/readiness``: the estimate with its meaning, the domains, and the most effective step."""

import re
from dataclasses import replace

import pytest

from bot.client.pictures import Pictures
from bot.core.course.progress import Progress, Tick
from bot.core.plan.readiness import MEANINGS, readiness
from bot.views import readiness as views
from bot.views.buttons import custom_id
from bot.views.layout import State
from bot.views.limits import walk
from tests.cogs.conftest import WRONG, parts, text_of


def shown(progress, recalled=None):
    return text_of(views.readiness(progress.course, readiness(progress, recalled)).to_components())


async def test_without_ticks_the_weights_and_a_first_step_are_shown(sim):
    reply = await sim.command(sim.ada, "readiness")
    assert reply.private
    lines = reply.text.split("\n")
    assert lines[:3] == [
        "### AZ-104 readiness",
        "▱▱▱▱▱▱▱▱▱▱ **0%**",
        "You haven't covered any exam topics yet.",
    ]
    assert lines[3].startswith("AZ-104 readiness: 0%."), "the picture's description"
    assert lines[4:6] == [
        "- Manage Azure identities and governance · 24% · 3 h 13 min",
        "- Implement and manage storage · 19% · 1 h 54 min",
    ]
    assert "**Biggest gain:** Configure storage accounts, +3% in 24 min" in lines
    assert "-# An estimate based on what you've completed, not a prediction that you'll pass." in lines
    assert "recalled" not in reply.text
    assert reply.message.components[0]["accent_color"] == State.PLAIN.value
    assert reply.buttons == ["Open module", "Set exam date", "What's missing"]


async def test_its_buttons_lead_to_the_plan(sim):
    form = await sim.click(sim.ada, await sim.command(sim.ada, "readiness"), "Set exam date")
    panel = await sim.fill(sim.ada, form, exam="2026-12-18", hours="5")
    reply = await sim.click(sim.ada, panel, "Readiness")
    assert reply.text.startswith("### AZ-104 readiness")
    assert reply.buttons == ["Open module", "Plan", "What's missing"]
    assert "AZ-104 exam in 28 days" in (await sim.click(sim.ada, reply, "Plan")).text


@pytest.mark.parametrize("restart", [False, True])
async def test_its_button_opens_the_step(sim, restart):
    shown = await sim.command(sim.ada, "readiness")
    if restart:
        await sim.restart()
    assert "### [Configure storage accounts](" in (await sim.click(sim.ada, shown, "Open module")).text


async def test_readiness_rises_with_ticks_and_names_the_next_step(sim):
    await sim.command(sim.ada, "complete", what="monitor")
    text = (await sim.command(sim.ada, "readiness")).text
    assert "▰▱▱▱▱▱▱▱▱▱ **4%**" in text
    assert "A good start." in text
    assert "-# 27% covered · 18 min left · 7 skills not in this course\n" in text
    await sim.command(sim.ada, "complete", what="prerequisites")
    assert "**7%**" in (await sim.command(sim.ada, "readiness")).text, "ARM templates are a skill of compute"
    for path in sim.study.catalogue.default.paths:
        await sim.command(sim.ada, "complete", what=path.id)
    reply = await sim.command(sim.ada, "readiness")
    assert "▰▰▰▰▰▰▱▱▱▱ **63%**" in reply.text
    assert "Biggest gain" not in reply.text
    assert reply.buttons == ["Set exam date", "What's missing"]


async def test_what_the_course_does_not_teach_has_links(sim):
    reply = await sim.command(sim.ada, "readiness")
    assert "-# This course covers at most 63%. It doesn't teach 24 skills that the exam asks for." in reply.text
    await sim.restart()
    shown = await sim.click(sim.ada, reply, "What's missing")
    assert shown.private
    assert shown.text.startswith("### Not in the AZ-104 course · 1 of 2\nThe exam asks for these skills.")
    assert "**Manage Azure identities and governance**\n- Protect resources with locks: [Lock your" in shown.text
    assert "a page may have moved" in shown.text
    assert "Set up alert rules" not in shown.text
    more = await sim.click(sim.ada, shown, "More")
    assert "- Set up alert rules, action groups and alert processing rules: [What are" in more.text
    assert more.buttons == ["Readiness", "Back"]
    assert "### AZ-104 readiness" in (await sim.click(sim.ada, more, "Readiness")).text


@pytest.mark.parametrize("state", ["", "az-104", "az-104:x", "az-104:-1", "zz:0", "az-104:0:1"])
async def test_a_forged_button_of_missing_skills_is_refused(sim, state):
    old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": f"wm1:missing:{state}".rstrip(":")})
    reply = await sim.click(sim.ada, old, "Press")
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text


async def test_a_page_beyond_the_last_one_is_the_last_one(sim):
    old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": "wm1:missing:az-104:99"})
    assert "· 2 of 2" in (await sim.click(sim.ada, old, "Press")).text


async def test_a_course_that_teaches_everything_misses_nothing(sim):
    assert "What's missing" not in (await sim.command(sim.ada, "readiness", course="az-900")).buttons
    old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": "wm1:missing:az-900:0"})
    assert "### AZ-900: nothing missing" in (await sim.click(sim.ada, old, "Press")).text


async def test_a_domain_without_a_path_is_marked(sim):
    read = sim.study.catalogue.courses["az-400"]
    domains = tuple(replace(domain, skills=()) for domain in read.exam.domains)
    course = replace(read, exam=replace(read.exam, domains=domains), not_taught=())
    text = shown(Progress(course, ()))
    assert re.search(r"processes and communications · 13% · not covered by this course\n", text)
    assert "-# This course covers at most 87%: the rest of the exam needs other material." in text
    text = shown(Progress(course, _all(course)))
    assert "processes and communications** · 13% of the exam\n-# not covered by this course" in text


async def test_a_course_without_domains_is_refused(sim, course):
    await sim.restart(course({"a": {"m": ["u"]}}))
    text = (await sim.command(sim.ada, "readiness")).text
    assert text == "⚠️ The exam domains of T-1 aren't known, so readiness can't be estimated."


def test_recalled_is_shown_for_domains_with_review_only(courses):
    progress = Progress(courses["az-104"], _all(courses["az-104"])[:40])
    first, *_ = courses["az-104"].exam.domains
    text = shown(progress, {first.id: 0.5})
    assert text.count("% recalled") == 1
    assert "% covered, 50% recalled" in text


def test_a_review_may_be_the_step_and_a_button_starts_it(courses, course):
    exam = {"pass_mark": 700, "out_of": 1000, "minutes": 60,
            "domains": [{"id": "d", "title": "Domain D", "weight": [100, 100]}]}  # fmt: skip
    paths = [{"id": "a", "title": "A", "minutes": 60, "domain": "d"}]
    found = course({"a": {}}, paths=paths, exam=exam)
    progress = Progress(found, [*_all(found)])
    view = views.readiness(found, readiness(progress, {"d": 0.4}))
    assert "**Biggest gain:** review Domain D, +60%" in text_of(view.to_components())
    buttons = [part["custom_id"] for top in view.to_components() for part in walk(top) if "custom_id" in part]
    assert buttons == [custom_id("", "review", found.id), custom_id("", "planedit", found.id)]


def _all(course):
    return [Tick(leaf, 1, 1) for leaf in course.leaves]


def test_every_stage_has_a_bar_and_a_meaning(courses):
    leaves = list(courses["az-900"].leaves)
    seen = set()
    for count in range(len(leaves) + 1):
        text = shown(Progress(courses["az-900"], _all(courses["az-900"])[:count]))
        percent = int(re.search(r"\*\*(\d+)%\*\*", text)[1])
        meaning = next(words for least, words in MEANINGS if percent >= least)
        assert meaning in text
        seen.add(meaning)
    assert len(seen) == len(MEANINGS)


async def test_readiness_has_a_picture_with_the_same_content(sim):
    await sim.command(sim.ada, "complete", what="monitor")
    reply = await sim.command(sim.ada, "readiness")
    (attachment,) = reply.message.attachments
    assert attachment.filename == "readiness.png"
    assert attachment.description.startswith("AZ-104 readiness: 4%. Ready by domain: Identities 0% (24% of the exam);")
    (gallery,) = [part for part in parts(reply.message.components) if part.get("type") == 12]
    assert gallery["items"][0]["description"] == attachment.description
    assert sim.env.backend.cdn.get(attachment.url).startswith(b"\x89PNG")


async def test_readiness_goes_out_without_its_picture_if_it_cannot_be_drawn(sim):
    sim.bot.get_cog("ReadinessCog").pictures = Pictures(subjects={})
    reply = await sim.command(sim.ada, "readiness")
    assert "### AZ-104 readiness" in reply.text
    assert reply.message.attachments == []
