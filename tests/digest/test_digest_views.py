"""The message of a digest and its panel: within Discord's limits, and only with permitted names."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cohort.digest import NAMED, PAUSE, Learner, build
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.views import digest as views
from bot.views.limits import message_faults, walk
from bot.views.pictures.digest import alt_text

SINCE, UNTIL = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
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


def edition_of(course, learners, names=None, late=None, since=SINCE):
    it = build(course, learners, since=since, until=UNTIL, first=since.date(), last=MONDAY)
    named = {one.id: name_of(one.id) for one in learners} if names is None else names
    return DigestContent(it, named, Marker(1, f"{course.id}:2026-W48"), late)


def text_of(view):
    """Return the text without isolates; see tests/views/test_names.py."""
    text = "\n".join(
        part["content"] for component in view.to_components() for part in walk(component) if "content" in part
    )
    return text.translate(dict.fromkeys(map(ord, "\u2068\u2069\u200b")))


def lines_of(view):
    return text_of(view).split("\n")


def taken(edition):
    """Return the message of a digest after checking it against Discord's limits."""
    alt = alt_text(edition.digest, edition.names)
    view = views.digest(edition, alt)
    assert message_faults(view.to_components()) == []
    assert all(len(part.get("description") or "") <= 1024 for c in view.to_components() for part in walk(c))
    assert message_faults(views.digest(edition).to_components()) == [], "without a picture as well"
    return view


def busy(course, count, *, done=None, **more):
    """Return members who return after a pause, complete ``done`` of the leaves, and have an exam soon."""
    old, new = int((SINCE - 2 * PAUSE).timestamp()), int((SINCE + DAY).timestamp())
    leaves = list(course.leaves)
    marks = [(leaves[0], old, old), *((leaf, new, new) for leaf in leaves[1:done])]
    given = {"joined_at": SINCE, "exam_on": MONDAY + DAY} | more
    return [Learner(number, marks=marks, **given) for number in range(1, count + 1)]


# --- Limits -----------------------------------------------------------------------------------------------------------


SHAPES = [(25, 1, 1), (6, 8, 6), (1, 50, 1), (2, 1, 50), (1, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 10, 11, 500])
def test_the_largest_digest_is_valid(course_of, shape, count):
    """Everyone returns, completes the whole course and has the exam tomorrow; all names and titles have special
    characters.
    """
    made = course_of(*shape)
    view = taken(edition_of(made, busy(made, count), late=UNTIL))
    assert lines_of(view)[0].startswith("### ")


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


def test_the_suspension_notice_is_valid(course_of):
    for suspended in (True, False):
        view = views.not_posted(DigestNotice(course_of(1, 1, 1), "x" * 300, suspended), NASTY * 5)
        assert message_faults(view.to_components()) == []


# --- What it says -----------------------------------------------------------------------------------------------------


def test_a_busy_week(courses):
    """The complete text, once."""
    az = courses["az-104"]
    deploy = az.nodes["deploy"]
    week = int((SINCE + DAY).timestamp())
    ada = Learner(1, SINCE, [(leaf, week, week) for leaf in deploy.leaves])
    bruno = Learner(2, SINCE - DAY, [(deploy.leaves[0], week, week)], exam_on=date(2026, 12, 18))
    text = text_of(taken(edition_of(az, [ada, bruno], {1: "Ada", 2: "Bruno"})))
    for words in (
        "AZ-104",
        "16 to 23 November",
        "2 people",
        "49 units",
        "**Ada**",
        "Deploy and manage Azure compute resources",
        "5 modules",
        "**Bruno**",
        "1 unit",
        "50 % (+50)",
        "Welcome **Ada**",
        "18 December",
        "Next together",
    ):
        assert words in text, words
    assert text.index("**Bruno**: ") < text.index("**Ada**: "), "in the order in which they joined"


def test_quiet_empty_and_busy_weeks_differ(small):
    busy_week = text_of(taken(edition_of(small, busy(small, 1, done=3))))
    quiet = text_of(taken(edition_of(small, [Learner(1, SINCE - DAY, [])])))
    empty = text_of(taken(edition_of(small, [])))
    assert "ticked" in busy_week
    assert "quiet week" in quiet
    assert "Nobody has joined" in empty
    assert "/complete" in empty
    assert "0 %" not in quiet + empty, "no empty list"
    assert len(quiet.split("\n")) <= 6
    assert len(empty.split("\n")) <= 4
    assert all("**Next together:** Unit " in text for text in (busy_week, quiet, empty))


def test_a_quiet_week_includes_people_and_exams(small):
    learners = [
        Learner(1, SINCE, []),
        Learner(2, SINCE - DAY, [], exam_on=MONDAY + 7 * DAY),
        Learner(3, SINCE - DAY, [], away=True),
    ]
    text = text_of(taken(edition_of(small, learners, {1: "Ada", 2: "Bruno", 3: "Cleo"})))
    assert "Welcome **Ada**" in text
    assert "**Bruno** has the exam on 30 November" in text
    assert "1 member away" in text
    assert "Cleo" not in text


def test_a_late_digest_says_when_it_was_due(small):
    edition = edition_of(small, [], late=UNTIL)
    assert f"Late: it was due <t:{int(UNTIL.timestamp())}:F>" in text_of(taken(edition))
    assert "Late" not in text_of(taken(edition_of(small, [])))


@pytest.mark.parametrize("count", [1, 2, 10])
def test_a_few_members_are_all_named(small, count):
    text = text_of(taken(edition_of(small, busy(small, count), {n: f"Name{n}." for n in range(1, count + 1)})))
    assert all(f"Name{number}\\." in text or f"Name{number}." in text for number in range(1, count + 1))
    assert " more" not in text


def test_of_many_members_some_are_named_and_the_others_counted(small):
    text = text_of(taken(edition_of(small, busy(small, 500), {n: f"Name{n}x" for n in range(1, 501)})))
    assert "**500 people ticked" in text
    assert "and 490 more" in text
    assert len(text.split("\n")) <= 30


@quickly
@given(st.integers(0, 60), st.booleans(), st.sampled_from([0, 1, 5, None]))
def test_only_permitted_members_are_named(small, count, known, done):
    """Only members of ``Digest.named`` occur in the message or its alt text, by name or ID."""
    learners = [*busy(small, count, done=done), *(Learner(n, SINCE - 9 * PAUSE, []) for n in range(500, 520))]
    names = {one.id: f"Person{one.id:04}" for one in learners} if known else {}
    edition = edition_of(small, learners, names)
    said = text_of(taken(edition)) + alt_text(edition.digest, names)
    found = {int(number) for number in re.findall(r"Person(\d{4})", said) + re.findall(r"<@(\d+)>", said)}
    assert found <= edition.digest.named
    assert not found & set(range(500, 520)), "inactive members are not mentioned"
    assert len(found) <= NAMED
    assert bool(found) is bool(edition.digest.named)


def test_who_joined_returned_or_has_an_exam_beyond_ten_is_counted(small):
    text = text_of(taken(edition_of(small, busy(small, NAMED + 3, done=2), {})))
    assert "👋 Welcome <@1>, <@2>, " in text
    assert text.count("<@10> and 3 more") == 2, "welcomed, and returned"
    assert "and 3 more exams within four weeks" in text


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
    learners = [*busy(small, 3), *(Learner(number, SINCE - 9 * PAUSE, []) for number in range(10, 15))]
    assert word not in text_of(taken(edition_of(small, learners))).lower()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 November"),
        (date(2026, 11, 27), date(2026, 12, 3), "27 November to 3 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December to 3 January"),
    ],
)
def test_the_days_of_the_week(small, first, last, words):
    it = build(small, [], since=SINCE, until=UNTIL, first=first, last=last)
    assert words in text_of(views.digest(DigestContent(it, {}, Marker(1, "t-1:2026-W48"))))


def test_buttons_contain_their_state(small):
    view = taken(edition_of(small, []))
    buttons = {part["label"]: part["custom_id"] for c in view.to_components() for part in walk(c) if part["type"] == 2}
    assert buttons == {
        "Tick something": "wm1:some:t-1:2026-W48",
        "My progress": "wm1:mine:t-1",
        "Away this week": "wm1:away:t-1",
    }
    assert buttons["Tick something"].endswith(":t-1:2026-W48"), "the marker"


def test_nonces_of_different_weeks_courses_and_posts_by_hand_differ():
    marks = ["t-1:2026-W48", "t-1:2026-W49", "t-2:2026-W48", f"t-1:{2**63}"]
    nonces = [Marker(server, mark).nonce for mark in marks for server in (1, 2)]
    assert len(set(nonces)) == 2 * len(marks), "Discord compares the nonces of all messages of the bot"
    assert all(1 <= len(nonce) <= 25 for nonce in nonces)
    assert Marker(1, marks[0]).nonce == nonces[0], "the same for each attempt"
