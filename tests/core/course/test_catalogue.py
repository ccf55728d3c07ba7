"""What a name means, what may have been meant, and what is offered while somebody types."""

import pytest

from bot.core.course.catalogue import Catalogue, Match
from bot.core.course.course import key_of
from bot.core.course.search import plain
from bot.errors import NotFound, Stale

SERVICES = "deploy/configure-azure-app-services"


@pytest.fixture(scope="module")
def az104(courses):
    return courses["az-104"]


@pytest.fixture(scope="module")
def renamed(course):
    """A course whose path and one module had other ids before."""
    return course(
        {"new": {"m": ["u1", "u2"], "n": []}, "other": {}},
        renamed={"old": "new", "new/was-m": "new/m", "other/far": "new/n"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "deploy",
        " Deploy ",
        "DEPLOY",
        "az-104/deploy",
        "AZ-104/Deploy/",
        "az104-deploy",
        "AZ104 deploy",
        "Deploy and manage Azure compute resources",
        "deploy-and-manage: azure COMPUTE resources!",
        key_of("az-104", "deploy"),
    ],
)
def test_a_path_by_any_of_its_names(catalogue, az104, text):
    assert catalogue.node(az104, text).route == "deploy"


@pytest.mark.parametrize(
    ("text", "route"),
    [
        (SERVICES, SERVICES),
        (f"az104-{SERVICES}", SERVICES),
        (f"AZ-104/{SERVICES}/1-Introduction", f"{SERVICES}/1-introduction"),
        (key_of("az-104", SERVICES), SERVICES),
        ("configure-azure-app-services", SERVICES),
        ("Configure Azure App Service", SERVICES),
        ("add deployment slots", f"{SERVICES}/6-add-deployment-slots"),
        ("deploy and", "deploy"),
        ("add deployment sl", f"{SERVICES}/6-add-deployment-slots"),
    ],
)
def test_a_text_that_means_one_node(catalogue, az104, text, route):
    assert catalogue.match(text, [az104]).node.route == route


@pytest.mark.parametrize("text", ["introduction", "1-introduction", "azure", "depoly", "app servces"])
def test_a_text_that_can_mean_several_nodes_or_is_misspelled_means_none(catalogue, az104, text):
    match = catalogue.match(text, [az104])
    assert match.node is None
    assert 1 <= len(match.hits) <= 8


def test_of_equal_names_the_only_path_is_meant(course):
    tiny = course({"a": {"b": ["c"]}, "b": {"c": ["a"]}, "d": {"c": []}})
    catalogue = Catalogue([tiny], "t-1")
    assert [catalogue.match(name, [tiny]).node.route for name in ("a", "b", "d")] == ["a", "b", "d"]
    match = catalogue.match("c", [tiny])
    assert (match.node, [hit.node.route for hit in match.hits]) == (None, ["b/c", "d/c", "a/b/c"])


def test_other_courses_are_searched_if_the_first_has_nothing_that_fits(catalogue, courses, az104):
    others = [course for course in courses.values() if course is not az104]
    assert catalogue.match("describe cloud concepts", [az104, *others]).node is courses["az-900"].nodes["concepts"]
    assert catalogue.match("concepts", [az104]).node is None
    assert {hit.course.id for hit in catalogue.match("backup", [az104, *others]).hits} == {"az-104"}
    assert catalogue.match("deploy", [az104, *others]).node is az104.nodes["deploy"]
    assert catalogue.match("qqqqqqq", [az104, *others]) == Match()


def test_every_node_of_every_course_is_found_by_route_and_by_key(catalogue, courses):
    for course in courses.values():
        for node in course.nodes.values():
            assert catalogue.node(course, node.route) is node
            assert catalogue.node(course, f"{course.code}/{node.route}") is node
            assert catalogue.by_key(node.key) == (course, node)


@pytest.mark.parametrize("text", ["az-104", "AZ104", "az 104", " Az-104 ", "microsoft azure administrator"])
def test_a_course_by_any_of_its_names(catalogue, text):
    assert catalogue.course(text).id == "az-104"


@pytest.mark.parametrize(
    ("text", "says"), [("az-14", "AZ-104"), ("fundamentals", "AZ-900"), ("qqq", "AZ-104"), ("", "AZ-104"), ("@`*", "")]
)
def test_an_unknown_course_says_what_there_is(catalogue, text, says):
    with pytest.raises(NotFound, match="Did you mean") as caught:
        catalogue.course(text)
    assert says in str(caught.value)
    assert not set("@`*") & set(str(caught.value))


def test_the_default_must_be_there(courses):
    with pytest.raises(NotFound):
        Catalogue([courses["az-900"]], "az-104")
    with pytest.raises(NotFound):
        Catalogue([], "az-104")


def test_an_unknown_path_gets_up_to_three_that_may_have_been_meant(catalogue, az104):
    with pytest.raises(NotFound) as caught:
        catalogue.node(az104, "depoly")
    assert str(caught.value).startswith(
        "AZ-104 has no learning path “depoly”. Did you mean `deploy` (Deploy and manage"
    )
    with pytest.raises(NotFound) as caught:
        catalogue.node(az104, "azure")
    assert str(caught.value).count("`") == 2 * 3
    with pytest.raises(NotFound) as caught:
        catalogue.node(az104, "zzzz @everyone `x` " + "y" * 5000)
    assert "Did you mean `prerequisites`, `manage` or `implement`?" in str(caught.value)
    assert "@" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("path", ["nowhere/configure-azure-app-services", "deploy/nowhere", f"{SERVICES}/nowhere"])
def test_a_full_id_that_leads_nowhere(catalogue, az104, path):
    with pytest.raises(NotFound, match="Did you mean"):
        catalogue.node(az104, path)


def test_an_id_wins_over_a_title(reader):
    text = (
        "code: T-1\ntitle: T\noverview: O\npaths:\n"
        "  - {id: a, title: B, aliases: [first]}\n  - {id: b, title: A, aliases: [second]}\n"
    )
    tiny = reader.read(text, "t.yaml")
    catalogue = Catalogue([tiny], "t-1")
    names = ["first", "SECOND", "t-1/a", "T-1/b", "a", "b"]
    assert [catalogue.node(tiny, name).id for name in names] == ["a", "b"] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old", "new"),
        ("old/m", "new/m"),
        ("old/m/u1", "new/m/u1"),
        ("new/was-m", "new/m"),
        ("new/was-m/u2", "new/m/u2"),
        ("old/was-m/u2", "new/m/u2"),
        ("other/far", "new/n"),
    ],
)
def test_renamed_ids_are_found_by_full_id_and_by_key(renamed, old, new):
    catalogue = Catalogue([renamed], "t-1")
    assert catalogue.node(renamed, old).route == new
    assert catalogue.node(renamed, f"T-1/{old.upper()}").route == new
    assert catalogue.by_key(key_of("t-1", old)) == (renamed, renamed.nodes[new])


def test_former_ids_through_many_renames_are_found(course):
    """A chain of renames of a path, with a renamed module in it."""
    chain = {f"p{number}": f"p{number + 1}" for number in range(50)}
    changed = course({"p50": {"m": ["u1"]}}, renamed={**chain, "p50/was-m": "p50/m", "p20/older": "p20/was-m"})
    catalogue = Catalogue([changed], "t-1")
    for old in ("p0", "p0/m/u1", "p7/was-m/u1", "p20/older/u1", "p49/was-m"):
        assert catalogue.by_key(key_of("t-1", old))[1].route == changed.current(old)
        assert changed.current(old).startswith("p50")


@pytest.mark.parametrize("key", ["", "0123456789", key_of("az-104", "nowhere"), key_of("other", "deploy")])
def test_an_unknown_key_is_stale(catalogue, key):
    with pytest.raises(Stale, match="/paths"):
        catalogue.by_key(key)


def test_offers_start_with_the_paths_in_order_and_are_at_most_25(catalogue, az104):
    assert catalogue.offer_paths(az104, "") == list(az104.paths)
    assert catalogue.offer(az104, "")[:6] == list(az104.paths)
    for text in ("", "azure", "a", "e", "introduction", "intrduction"):
        assert 0 < len(catalogue.offer(az104, text)) <= 25
    assert [course.id for course in catalogue.offer_courses("")] == sorted(catalogue.courses)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("dep", "deploy"),
        ("depoly", "deploy"),
        ("compute", "deploy"),
        ("az104-configure", "configure"),
        ("netwroks", "configure"),
    ],
)
def test_offered_paths_bear_typing_errors(catalogue, az104, text, first):
    assert catalogue.offer_paths(az104, text)[0].id == first


@pytest.mark.parametrize(
    ("text", "route"), [("ap servics", SERVICES), ("deployment slots", f"{SERVICES}/6-add-deployment-slots")]
)
def test_modules_and_units_are_offered_too(catalogue, az104, text, route):
    assert route in [node.route for node in catalogue.offer(az104, text)[:4]]


@pytest.mark.parametrize(("text", "found"), [("104", "az-104"), ("dp", "dp-900"), ("data fundamentls", "dp-900")])
def test_offered_courses(catalogue, text, found):
    assert catalogue.offer_courses(text)[0].id == found


def test_what_is_offered_is_understood(catalogue, courses):
    """A choice that a member takes (the key) and a full ID always mean the node that was offered."""
    for course in courses.values():
        for node in course.nodes.values():
            assert catalogue.match(node.key, [course]).node is node
            assert catalogue.match(node.route, [course]).node is node
        for path in course.paths:
            assert {catalogue.match(name, [course]).node for name in (path.id, path.title, *path.aliases)} == {path}


def test_search_puts_the_nearest_first(catalogue, courses):
    everywhere = list(courses.values())
    hits = catalogue.search("backup", everywhere, 8)
    assert len(hits) == 8
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.course.nodes[hit.node.route] is hit.node for hit in hits)
    assert "backup" in plain(f"{hits[0].node.title} {hits[0].node.id}")
    assert catalogue.search("deploy", [courses["az-104"]], 3)[0].node.route == "deploy"
    assert catalogue.search(SERVICES.split("/")[1], everywhere, 3)[0].node.route == SERVICES
    assert catalogue.search("virtual netwrks", [courses["az-104"]], 3)[0].score < 90, "what is similar comes after"


def test_search_sorts_over_courses_and_puts_paths_before_units_among_equals(course):
    one = course({"x": {"m": ["backup", "backups"]}, "backup": {}})
    two = course({"y": {"backup": []}}, code="T-2")
    catalogue = Catalogue([one, two], "t-1")
    hits = catalogue.search("backup", [one, two], 4)
    assert [(hit.course.id, hit.node.route) for hit in hits] == [
        ("t-1", "backup"),
        ("t-2", "y/backup"),
        ("t-1", "x/m/backup"),
        ("t-1", "x/m/backups"),
    ]


@pytest.mark.parametrize("text", ["", "  ", "???", "🎉", "qqqqqqqq"])
def test_search_for_nothing_finds_nothing(catalogue, courses, text):
    assert catalogue.search(text, list(courses.values()), 8) == []
