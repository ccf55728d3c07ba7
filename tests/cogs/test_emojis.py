"""Application emojis are uploaded once, kept equal to what the courses need, and replaced by characters meanwhile."""

import asyncio
import re
from base64 import b64decode
from io import BytesIO
from itertools import combinations

from PIL import Image

from bot.client.bot import StudyBot
from bot.client.emoji_sync import EmojiSync
from bot.core.course.badge import BadgeColor, Glyph
from bot.views.emojis import BAR_EMOJIS, OWN_NAME, BadgeEmoji, badge, bar_texts, emojis_of
from bot.views.layout import bar, resolved_length
from bot.views.pictures.emojis import draw
from bot.views.references import References

POST, DELETE = "POST", "DELETE"
ROUTE = "/applications/*/emojis"
EVERY_EMOJI = (*BAR_EMOJIS, *(BadgeEmoji(glyph, color) for glyph in Glyph for color in (None, *BadgeColor)))


def emojis(sim):
    return emojis_of(sim.study.catalogue.courses.values())


async def with_emojis(sim, wanted=None):
    bot = StudyBot(sim.study, sim.store, shard_count=1, emojis=emojis(sim) if wanted is None else wanted)
    await sim.env.restart_bot(bot)


def stored(sim):
    """Return the names of the emojis that Discord has."""
    return sorted(each.name for each in sim.env.backend.application_emojis.values())


def requests(sim, method):
    return [each for each in sim.env.http_requests if each.method == method and "/emojis" in each.path]


# --- what they show -------------------------------------------------------------------------------------------------


def test_every_emoji_has_a_short_name_of_its_own():
    names = {emoji.name for emoji in EVERY_EMOJI}
    assert len(names) == len(EVERY_EMOJI)
    assert all(map(OWN_NAME.fullmatch, names))


def test_every_emoji_is_within_discords_limits_and_differs_from_the_others():
    pictures = {emoji: draw(emoji) for emoji in EVERY_EMOJI}
    assert max(map(len, pictures.values())) < 256 * 1024
    for png in pictures.values():
        image = Image.open(BytesIO(png))
        assert (image.size, image.mode) == ((128, 128), "RGBA")
        assert image.getpixel((0, 0))[3] == 0, "the corners are transparent"
    assert len(set(pictures.values())) == len(pictures)


def test_glyphs_can_be_told_apart_without_color():
    gray = {each: Image.open(BytesIO(draw(BadgeEmoji(each)))).convert("L").tobytes() for each in Glyph}
    for left, right in combinations(Glyph, 2):
        assert sum(a != b for a, b in zip(gray[left], gray[right], strict=True)) > 300, (left, right)


def test_adjacent_segments_join():
    for emoji in BAR_EMOJIS:
        alpha = Image.open(BytesIO(draw(emoji))).getchannel("A")
        inner = [x for x, outside in ((0, emoji.place == 0), (127, emoji.place == 2)) if not outside]
        assert all(alpha.getpixel((x, 64)) == 255 for x in inner)
        assert all(alpha.crop((x, 0, x + 1, 128)).getbbox() == (0, 38, 1, 90) for x in inner)


def test_a_bar_and_a_badge_have_characters_to_fall_back_on(courses):
    shown = References().text
    assert [shown(bar(percent)) for percent in (0, 1, 25, 99, 100)] == [
        "▱▱▱▱▱▱▱▱▱▱", "▰▱▱▱▱▱▱▱▱▱", "▰▰▱▱▱▱▱▱▱▱", "▰▰▰▰▰▰▰▰▰▱", "▰▰▰▰▰▰▰▰▰▰"
    ]  # fmt: skip
    path = courses["az-104"].paths[0]
    states = ({"done": False}, {"done": False, "started": True}, {"done": True})
    assert [shown(badge(path, **state)) for state in states] == ["○", "◐", "✅"]


def test_the_length_of_a_text_is_at_most_what_is_planned_for():
    text = f"{bar(40)} </plan> </mock-exam> a < b \\<:x"
    largest = 2**64 - 1
    ids = {each.name: largest for each in EVERY_EMOJI}
    known = References({"plan": largest, "mock-exam": largest}, ids, bar_texts(ids))
    assert len(text) < len(known.text(text)) <= resolved_length(text)
    assert len(known.text(bar(40))) == resolved_length(bar(40))


def test_badges_without_glyphs_depend_on_the_position_only(course):
    one, other = course({"a": {}, "b": {}, "c": {}}), course({"a": {}, "b": {}, "c": {}}, "T-2")
    assert [path.badge for path in one.paths] == [path.badge for path in other.paths]
    assert len({path.badge for path in one.paths}) == 3


# --- at Discord -----------------------------------------------------------------------------------------------------


async def test_missing_emojis_are_uploaded_once(sim):
    await with_emojis(sim)
    assert stored(sim) == sorted(emoji.name for emoji in emojis(sim))
    first = requests(sim, POST)
    assert [each.json["name"] for each in first[:9]] == [emoji.name for emoji in BAR_EMOJIS], "bars come first"
    kind, _, image = first[0].json["image"].partition(",")
    assert kind == "data:image/png;base64"
    assert b64decode(image) == draw(BAR_EMOJIS[0])
    await with_emojis(sim)
    assert len(requests(sim, POST)) == len(first)


async def test_messages_show_emojis_and_a_percentage(sim):
    await sim.command(sim.ada, "complete", what="monitor")
    await with_emojis(sim)
    text = (await sim.command(sim.ada, "paths")).text
    numbers = {each.name: each.id for each in sim.env.backend.application_emojis.values()}
    done = sim.study.catalogue.default.nodes["monitor"]
    name = BadgeEmoji(done.badge.glyph, done.badge.color).name
    assert f"<:{name}:{numbers[name]}> **{done.title}**" in text
    assert "▰" not in text
    assert re.search(r"<:wm_\w{4}:\d+> \*\*\d+%\*\*", text)


async def test_emojis_that_were_deleted_come_back_and_outdated_ones_go(sim):
    await with_emojis(sim)
    backend = sim.env.backend
    gone = next(iter(backend.application_emojis))
    backend.delete_application_emoji(gone)
    backend.create_application_emoji("wm_0old")
    for others in ("wm_logo", "wm_0olds", "party"):
        backend.create_application_emoji(others)
    await with_emojis(sim)
    assert stored(sim) == sorted([*(emoji.name for emoji in emojis(sim)), "wm_logo", "wm_0olds", "party"])


async def test_a_failed_upload_is_retried_and_nothing_waits_for_it(sim):
    sim.env.inject_error("POST", ROUTE, status=503, times=None)
    await with_emojis(sim)
    assert "▱" in (await sim.command(sim.ada, "paths")).text
    assert stored(sim) == []
    sim.env.backend.faults.clear()
    await sim.env.advance_time(20)
    assert len(stored(sim)) == len(emojis(sim))
    assert "▱" not in (await sim.command(sim.ada, "paths")).text


async def test_a_list_that_cannot_be_read_changes_nothing(sim):
    sim.env.inject_error("GET", ROUTE, status=500, times=None)
    await with_emojis(sim)
    assert "AZ-104" in (await sim.command(sim.ada, "paths")).text
    assert requests(sim, POST) == []


async def test_a_bar_with_a_missing_segment_is_shown_in_characters(sim):
    sim.env.inject_error("POST", ROUTE, status=400, code=50035)
    await with_emojis(sim)
    text = (await sim.command(sim.ada, "paths")).text
    assert "▱" in text
    assert "<:wm_" in text, "badges don't depend on it"
    await sim.env.advance_time(20)
    assert "▱" not in (await sim.command(sim.ada, "paths")).text


async def test_no_more_than_discord_takes_are_uploaded(sim):
    backend = sim.env.backend
    for name in ("party", "wm_0old"):
        backend.create_application_emoji(name)
    references = References()
    assert await EmojiSync(sim.bot, references, emojis(sim), most=12).synchronize(), "the others would be refused"
    assert stored(sim) == sorted([*(emoji.name for emoji in emojis(sim)[:11]), "party"])
    assert len(references.emojis) == 11


async def test_two_at_once_agree_on_the_emojis(sim):
    """simcord accepts two emojis of one name, unlike Discord (see tests/client/test_emojis.py)."""
    ours, theirs = References(), References()
    await asyncio.gather(*(EmojiSync(sim.bot, each, emojis(sim)).synchronize() for each in (ours, theirs)))
    assert ours.emojis == theirs.emojis
    assert len(ours.emojis) == len(emojis(sim))


async def test_without_emojis_nothing_is_asked(sim):
    await sim.restart()
    assert requests(sim, "GET") == []
