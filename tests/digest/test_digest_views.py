"""The message of a digest and its panel: within Discord's limits, and only with permitted names."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cohort.digest import NAMED, Total, build
from bot.core.cohort.members import PAUSE, Learner
from bot.core.cohort.streaks import LongestStreaks
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.study.digest_everyone import PAGE, Everyone
from bot.views import digest as views
from bot.views.digest_everyone import everyone
from bot.views.digest_lines import LINE
from bot.views.digest_texts import NBSP
from bot.views.limits import message_faults, walk
from bot.views.pictures.digest import alt_text
from tests.digest.weeks import DAY, LONG_AGO, SINCE, UNTIL, as_stored, digest_of, member, ticks, week_of

MONDAY = date(2026, 11, 23)
NASTY = "*_~`|>#[](){}\\<@!&:-"
"""What means something in Discord's markdown."""
quickly = settings(deadline=None, max_examples=60)


def name_of(number):
    """A name of 32 Markdown characters, different for each number."""
    return f"{number:04}{(NASTY * 2)[number % 7 :]}"[:32]


def title_of(number):
    return f"{number:03}{(NASTY * 6)[number % 11 :]}"[:100]


@pytest.fixture(scope="session")
def course_of(course):
    """Read a course with the longest titles and URLs that are allowed, full of special characters."""

    @cache
    def read(paths, modules, units):
        numbers = iter(range(10_000))

        def node(name, **more):
            number = next(numbers)
            address = f"https://example.com/{number}/".ljust(512, "x")
            return {"id": name.ljust(100, "x"), "title": title_of(number), "url": address} | more

        kind = {"kind": "reading", "minutes": 6000}
        tree = [
            node(f"p{path}", modules=[
                node(f"m{module}", units=[node(f"u{unit}", **kind) for unit in range(units)])
                for module in range(modules)
            ])
            for path in range(paths)
        ]  # fmt: skip
        return course({}, "A" * 32, paths=tree)

    return read


def edition_of(course, learners, names=None, late=None, **more):
    it = build(course, learners, week_of())
    named = {one.id: name_of(one.id) for one in learners} if names is None else names
    return DigestContent(it, named, Marker(1, f"{course.id}:2026-W48"), late, **more)


def text_of(view):
    """Return the text without isolates (see tests/views/test_names.py), with breaking spaces."""
    text = "\n".join(
        part["content"] for component in view.to_components() for part in walk(component) if "content" in part
    )
    return text.translate(dict.fromkeys(map(ord, "\u2068\u2069\u200b"))).replace(NBSP, " ")


def lines_of(view):
    return text_of(view).split("\n")


def taken(edition):
    """Return the message of a digest after checking it against Discord's limits."""
    alt = alt_text(edition.digest)
    view = views.digest(edition, alt)
    assert message_faults(view.to_components()) == []
    assert all(len(part.get("description") or "") <= 1024 for c in view.to_components() for part in walk(c))
    assert message_faults(views.digest(edition).to_components()) == [], "without a picture as well"
    return view


def busy(course, count, *, done=None, **more):
    """Return members who return after a pause, complete ``done`` of the leaves, and have an exam soon."""
    old = int((SINCE - 2 * PAUSE).timestamp())
    leaves = list(course.leaves)
    given = {"joined_at": SINCE, "exam_on": MONDAY + DAY} | more
    return [
        Learner(number, earlier=leaves[:1], this_week=leaves[1:done], last=old, **given)
        for number in range(1, count + 1)
    ]


def crowd(course, *members):
    return [as_stored(each, week_of()) for each in members]


# --- Limits -----------------------------------------------------------------------------------------------------------


SHAPES = [(25, 1, 1), (6, 8, 6), (1, 50, 1), (2, 1, 50), (1, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 10, 11, 500])
def test_the_largest_digest_is_valid(course_of, shape, count):
    """Everyone returns, completes the whole course and has the exam tomorrow; all names and titles have special
    characters.
    """
    made = course_of(*shape)
    taken(edition_of(made, busy(made, count), late=UNTIL))
    taken(edition_of(made, busy(made, count), late=UNTIL, preview=True))


def test_the_digest_of_ten_who_complete_a_real_course_is_valid(courses):
    for course in courses.values():
        taken(edition_of(course, busy(course, 10)))
        taken(edition_of(course, busy(course, 500)))


@quickly
@given(
    count=st.integers(0, 30),
    shape=st.sampled_from(SHAPES),
    share=st.floats(0, 1),
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=32),
    late=st.booleans(),
)
def test_any_digest_is_valid(course_of, count, shape, share, name, late):
    made = course_of(*shape)
    learners = busy(made, count, done=int(len(made.leaves) * share))
    taken(edition_of(made, learners, dict.fromkeys(range(1, count + 1), name), UNTIL if late else None))


@pytest.mark.parametrize(
    ("suspended", "words"),
    [
        (True, ["is suspended", "It will resume automatically once this is fixed."]),
        (False, ["hasn't been posted yet", "I'll keep trying"]),
    ],
)
def test_the_notice_of_a_problem_says_what_happens_next(course_of, suspended, words):
    view = views.not_posted(DigestNotice(course_of(1, 1, 1), "x" * 300, suspended), NASTY * 5)
    assert message_faults(view.to_components()) == []
    text = text_of(view)
    assert [word for word in (*words, "another channel with </setup>") if word not in text] == []


# --- What it says -----------------------------------------------------------------------------------------------------


def az_week(courses):
    """Bruno completed a path, Ada a unit; last week was two hours longer."""
    az = courses["az-104"]
    deploy = az.nodes["deploy"]
    ada = member(1, ticks(deploy.leaves[0]), joined=SINCE, exam_on=date(2026, 11, 28))
    bruno = member(2, ticks(*deploy.leaves), exam_on=date(2026, 12, 18))
    found = edition_of(az, crowd(az, ada, bruno), {1: "Ada", 2: "Bruno"})
    last = Total(9, found.digest.total.minutes + 120)
    return replace(found, digest=replace(found.digest, last_week=last))


def test_a_busy_week(courses):
    """The complete text, once: one number, one change, one person."""
    edition = az_week(courses)
    lines = text_of(taken(edition)).split("\n")
    time = lines[0].removeprefix("**The AZ-104 group studied ").removesuffix(", 2 h less than last week.**")
    assert time == "3 h 23 min"
    assert lines[1:] == [
        "**Bruno** completed Deploy and manage Azure compute resources. 🎉",
        "📅 **Ada** takes the exam on November 28. Good luck!",
        "👋 Welcome **Ada**!",
        f"**Up next for the group:** [{edition.digest.suggestion.title}]({edition.digest.suggestion.link}), 28 min",
    ]
    assert alt_text(edition.digest).replace(NBSP, " ") == (
        "AZ-104, November 16–22, 2 people: 3 h 23 min, 2 h less than last week. "
        "Learning paths, with this week's change: Compute 50% (+50)."
    )


def test_without_a_picture_the_text_says_what_it_would_show(courses):
    text = text_of(views.digest(az_week(courses)))
    assert "November 16–22" in text
    assert "Compute 50% (+50)" in text


def test_nothing_is_said_twice(courses):
    text = text_of(taken(az_week(courses)))
    for words in ("Bruno", "3 h 23 min", "Deploy and manage"):
        assert text.count(words) == 1, words


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, "studied 20 min in its first week."),
        (Total(), "studied 20 min after a quiet week."),
        (Total(2, 20), "studied 20 min, the same as last week."),
        (Total(1, 5), "studied 20 min, 15 min more than last week."),
        (Total(9, 800), "studied 20 min, 13 h less than last week."),
    ],
)
def test_the_first_line_compares_with_last_week(small, last, words):
    digest = replace(digest_of(small, member(1, ticks("a/m/u", "a/m/v"))), last_week=last)
    text = text_of(views.digest(DigestContent(digest, {}, Marker(1, "t-1:2026-W48")), "alt"))
    assert text.split("\n")[0] == f"**The T-1 group {words}**"


@pytest.mark.parametrize(
    ("last", "words"),
    [(Total(4, 0), "1 fewer than"), (Total(1, 0), "2 more than"), (Total(3, 0), "the same as"), (Total(), "after a")],
)
def test_without_known_minutes_units_are_counted(course, last, words):
    bare = [{"id": "x", "title": "X", "modules": [{"id": name, "title": name} for name in "abcd"]}]
    digest = replace(digest_of(course({}, paths=bare), member(1, ticks("x/a", "x/b", "x/c"))), last_week=last)
    line = text_of(views.digest(DigestContent(digest, {}, Marker(1, "t-1:2026-W48")), "alt")).split("\n")[0]
    assert line.startswith("**The T-1 group completed 3 modules")
    assert words in line


@pytest.mark.parametrize(
    ("done", "more", "words"),
    [
        (("a/m/u", "a/m/v"), {}, "completed Module m."),
        (("a/m/u", "a/m/v", "b/n/u", "b/n/v"), {}, "completed Module m and 1 more module."),
        (("a/m/u",), {"studied": 4}, "studied on 4 days."),
        (("a/m/u", "b/m/u"), {}, "completed 2 units."),
    ],
)
def test_the_second_line_is_about_one_person(small, done, more, words):
    view = taken(edition_of(small, crowd(small, member(1, ticks(*done), **more)), {1: "Ada"}))
    assert lines_of(view)[1] == f"**Ada** {words}"


def test_several_paths_are_one_title_and_a_number(small):
    leaves = [leaf for path in small.paths for leaf in path.leaves]
    view = taken(edition_of(small, crowd(small, member(1, ticks(*leaves))), {1: "Ada"}))
    assert lines_of(view)[1] == "**Ada** completed Path a and 1 more learning path. 🎉"


def test_whoever_is_named_first_for_being_back_is_not_named_again(small):
    marks = ticks("a/m/u", made=SINCE - PAUSE), ticks("a/n/u")
    learners = crowd(small, member(1, *marks), member(2, *marks))
    text = text_of(taken(edition_of(small, learners, {1: "Ada", 2: "Bruno"})))
    assert "**Ada** is back at it. Good to see you!" in text
    assert "🌱 Back at it: **Bruno**. Good to see you!" in text
    assert text.count("Ada") == 1
    alone = text_of(taken(edition_of(small, learners[:1], {1: "Ada"})))
    assert "🌱" not in alone


@pytest.mark.parametrize(("people", "words"), [(2, "Most of you are"), (5, "2 of you are")])
def test_what_the_group_is_working_on_is_a_module(small, people, words):
    members = [member(each, ticks("b/m/u")) for each in (1, 2)] + [
        member(each, ticks("a/m/u", "a/m/v")) for each in range(3, people + 1)
    ]
    text = text_of(taken(edition_of(small, crowd(small, *members), {})))
    assert f"{words} working on Module m." in text
    assert "**Up next for the group:** Module n, 20 min" in text


def test_quiet_empty_and_busy_weeks_differ(small):
    busy_week = text_of(taken(edition_of(small, busy(small, 1, done=3))))
    quiet = text_of(taken(edition_of(small, [Learner(1, LONG_AGO)])))
    empty = text_of(taken(edition_of(small, [])))
    assert "studied" in busy_week
    assert quiet == (
        "**A quiet week in T-1.**\nTen minutes is enough to get going again.\n"
        "**Up next for the group:** Module m, 20 min"
    )
    assert empty == (
        "**Nobody has joined the T-1 group yet.**\nTen minutes is enough to complete the first unit.\n"
        "**Start with:** Module m, 20 min"
    )


def test_a_quiet_week_includes_people_and_exams(small):
    learners = [
        Learner(1, SINCE),
        Learner(2, LONG_AGO, exam_on=MONDAY + 7 * DAY),
        Learner(3, LONG_AGO, away=True),
        Learner(4, LONG_AGO, exam_on=MONDAY + 8 * DAY),
    ]
    text = text_of(taken(edition_of(small, learners, {1: "Ada", 2: "Bruno", 3: "Cleo", 4: "Dora"})))
    assert "Welcome **Ada**!" in text
    assert "📅 **Bruno** takes the exam on November 30. Good luck!" in text
    assert "🏖️ 1 person has days off" in text
    assert "Cleo" not in text
    assert "Dora" not in text, "not in the coming week"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([0], "📅 **Name1** takes the exam today. Good luck!"),
        ([2, 1], "📅 Exams: **Name2** on November 24 and **Name1** on November 25. Good luck!"),
        ([1] * 5, "📅 Exams: **Name1** on November 24, **Name2** on November 24, **Name3** on November 24 and 2 more."),
    ],
)
def test_exams_of_the_coming_week_are_on_one_line(small, days, words):
    learners = [Learner(number, LONG_AGO, exam_on=MONDAY + each * DAY) for number, each in enumerate(days, 1)]
    names = {number: f"Name{number}" for number in range(1, 6)}
    assert words in text_of(taken(edition_of(small, learners, names)))


def test_streaks_are_one_line(small):
    edition = edition_of(small, crowd(small, member(1, ticks("a/m/u"))), {1: "Ada", 2: "Ben"})
    for streaks, words in (
        (LongestStreaks(days=((2, 8), (1, 3))), "🔥 Streaks: **Ben** 8 days, **Ada** 3 days"),
        (LongestStreaks(weeks=((1, 4),)), "🔥 Streaks: **Ada** 4 weeks"),
    ):
        assert words in text_of(taken(replace(edition, digest=replace(edition.digest, streaks=streaks))))


def test_a_preview_says_so_and_has_no_buttons(small):
    view = taken(edition_of(small, busy(small, 2), preview=True))
    assert lines_of(view)[0] == "-# A preview: nothing was posted, and only you can see it."
    assert not [part for component in view.to_components() for part in walk(component) if "custom_id" in part]


def test_a_late_digest_says_when_it_was_due(small):
    edition = edition_of(small, [], late=UNTIL)
    assert f"Late: this was due <t:{int(UNTIL.timestamp())}:F>" in text_of(taken(edition))
    assert "Late" not in text_of(taken(edition_of(small, [])))


@pytest.mark.parametrize("count", [1, 10, 500])
def test_a_digest_fits_on_a_phone(courses, count):
    """At most 13 lines of text; with a picture, two rows of buttons and the margins that is less than 700 px."""
    for course in courses.values():
        edition = edition_of(course, busy(course, count, done=30), {n: f"Name of {n}" for n in range(1, count + 1)})
        text = re.sub(r"\]\([^)]*\)|\*\*|\[|\\\\", "", text_of(taken(edition)))
        assert sum(-(-len(line) // LINE) for line in text.split("\n")) <= 13
        assert "Up next for the group" in text


@quickly
@given(st.integers(0, 60), st.booleans(), st.sampled_from([0, 1, 5, None]))
def test_only_permitted_members_are_named(small, count, known, done):
    """Only members of ``Digest.named`` occur in the message or its alt text, by name or ID."""
    learners = [*busy(small, count, done=done), *(Learner(n, LONG_AGO) for n in range(500, 520))]
    names = {one.id: f"Person{one.id:04}" for one in learners} if known else {}
    edition = edition_of(small, learners, names)
    said = text_of(taken(edition)) + alt_text(edition.digest)
    found = {int(number) for number in re.findall(r"Person(\d{4})", said) + re.findall(r"<@(\d+)>", said)}
    assert found <= edition.digest.named
    assert not found & set(range(500, 520)), "inactive members are not mentioned"
    assert len(found) <= NAMED
    assert bool(found) is bool(edition.digest.named)


def test_new_members_beyond_three_are_counted(small):
    text = text_of(taken(edition_of(small, busy(small, NAMED + 3, done=2), {})))
    assert "👋 Welcome <@1>, <@2>, <@3> and 3 more!" in text


@pytest.mark.parametrize(
    "name", ["<@42>", "<@&42>", "@everyone", "@here", "[free](https://x.example)", "**Bo**", "`x`", "# Bo"]
)
def test_names_are_escaped(small, name):
    text = text_of(taken(edition_of(small, busy(small, 1), {1: name})))
    assert f"**{name}**" in re.sub(r"\\([^\w\s])", r"\1", text), "with nothing added or lost"
    if discord.utils.escape_markdown(name) != name or "[" in name:
        assert f"**{name}" not in text, "and with no effect of its own"


@pytest.mark.parametrize("word", ["last place", "behind", "inactive", "worst", "only", "rank", "slow"])
def test_the_wording_blames_nobody(small, word):
    learners = [*busy(small, 3), *(Learner(number, LONG_AGO) for number in range(10, 15))]
    assert word not in text_of(taken(edition_of(small, learners))).lower()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "November 16–22"),
        (date(2026, 11, 27), date(2026, 12, 3), "November 27 – December 3"),
        (date(2026, 12, 28), date(2027, 1, 3), "December 28 – January 3"),
    ],
)
def test_the_days_of_the_week(small, first, last, words):
    it = build(small, [], replace(week_of(), first=first, last=last))
    assert words in text_of(views.digest(DigestContent(it, {}, Marker(1, "t-1:2026-W48"))))


def buttons_of(view):
    return {part["label"]: part["custom_id"] for c in view.to_components() for part in walk(c) if part["type"] == 2}


def test_buttons_contain_their_state(small):
    since, until = int(SINCE.timestamp()), int(UNTIL.timestamp())
    assert buttons_of(taken(edition_of(small, busy(small, 1)))) == {
        "Mark progress": "wm1:some:t-1",
        "My progress": "wm1:mine:t-1",
        "Days off": "wm1:daysoff:week",
        "See everyone": f"wm1:everyone:0:{since}:{until}:t-1:2026-W48",
    }
    assert buttons_of(taken(edition_of(small, []))) == {"Start studying": "wm1:start:t-1:2026-W48"}


def test_one_button_ends_with_the_marker(course_of):
    """After a crash a digest is found by it."""
    long = course_of(1, 1, 1)
    for learners in ([], busy(long, 1), [Learner(1, LONG_AGO)]):
        for slot in ("2026-W48", str(2**63 - 1)):
            marker = f"{long.id}:{slot}"
            edition = replace(edition_of(long, learners), marker=Marker(1, marker))
            assert [each for each in buttons_of(taken(edition)).values() if each.endswith(f":{marker}")]


def test_nonces_of_different_weeks_courses_and_posts_by_hand_differ():
    marks = ["t-1:2026-W48", "t-1:2026-W49", "t-2:2026-W48", f"t-1:{2**63}"]
    nonces = [Marker(server, mark).nonce for mark in marks for server in (1, 2)]
    assert len(set(nonces)) == 2 * len(marks), "Discord compares the nonces of all messages of the bot"
    assert all(1 <= len(nonce) <= 25 for nonce in nonces)
    assert Marker(1, marks[0]).nonce == nonces[0], "the same for each attempt"


# --- Everyone ---------------------------------------------------------------------------------------------------------


def everyone_of(digest, page=0, *, names=None, gone=(), reviews=(0, 0), past=False):
    pages = max(1, -(-len(digest.people) // PAGE))
    people = digest.people[page * PAGE : (page + 1) * PAGE]
    return Everyone(digest, people, page, pages, names or {}, frozenset(gone), *reviews, past=past)


def test_everyone_is_listed_with_what_they_completed(small):
    leaves = [leaf for path in small.paths for leaf in path.leaves]
    members = [
        member(1, ticks("b/m/u", "b/m/v", *small.paths[0].leaves, "b/n/u"), exam_on=MONDAY + 20 * DAY),
        member(2, ticks("a/m/u")),
        member(3, away=True),
        member(4, ticks(leaves[0])),
    ]
    found = everyone_of(digest_of(small, *members), names={1: "Ada", 2: "Ben"}, gone=[4], reviews=(12, 2))
    view = everyone(found, "2026-W48")
    assert message_faults(view.to_components()) == []
    assert text_of(view) == (
        "### T-1 · November 16–22\n**3 people · 1 h 30 min**\n"
        "**Ada** · 1 h 10 min\n-# Path a · Module m · 1 more unit\n**Ben** · 10 min\n-# 1 unit\n"
        "📅 Exams: **Ada** on December 13\n🔁 2 people reviewed 12 questions\n🏖️ 1 person has days off"
    )
    assert buttons_of(view) == {}


def test_everyone_has_pages(small):
    digest = digest_of(small, *(member(number, ticks("a/m/u"), exam_on=MONDAY) for number in range(20)))
    names = {number: f"Name{number}." for number in range(20)}
    week = f"{int(SINCE.timestamp())}:{int(UNTIL.timestamp())}:t-1:2026-W48"
    for page, expected in enumerate(({"More ▶"}, {"◀ Back", "More ▶"}, {"◀ Back"})):
        view = everyone(everyone_of(digest, page, names=names), "2026-W48")
        assert f"Page {page + 1} of 3" in text_of(view)
        assert set(buttons_of(view)) == expected
        assert ("Exams" in text_of(view)) is (page == 0)
    assert buttons_of(view) == {"◀ Back": f"wm1:everyone:1:{week}"}


def test_an_old_week_says_that_something_may_be_missing(small):
    digest = digest_of(small, member(1, ticks("a/m/u")))
    assert "since then isn't listed" in text_of(everyone(everyone_of(digest, past=True), "w"))
    assert "since then" not in text_of(everyone(everyone_of(digest), "w"))


def test_a_week_without_anybody_has_one_button(small):
    view = everyone(everyone_of(digest_of(small, member(1))), "2026-W48")
    assert "Nobody completed anything this week." in text_of(view)
    assert buttons_of(view) == {"Mark progress": "wm1:some:t-1"}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_largest_page_is_valid(course_of, shape):
    made = course_of(*shape)
    digest = build(made, busy(made, 500), week_of())
    names = {number: name_of(number) for number in range(501)}
    for page in (0, 1, 62):
        view = everyone(everyone_of(digest, page, names=names, reviews=(9999, 500), past=True), str(2**63 - 1))
        assert message_faults(view.to_components()) == []
