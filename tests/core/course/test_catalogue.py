"""What a name means, what may have been meant, and what is offered while somebody types."""

import pytest

from bot.core.course.catalogue import Catalogue
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
    ("names", "route"),
    [
        ((SERVICES,), SERVICES),
        ((f"az104-{SERVICES}",), SERVICES),
        ((f"AZ-104/{SERVICES}/1-Introduction",), f"{SERVICES}/1-introduction"),
        (("deploy", "configure-azure-app-services"), SERVICES),
        (("az104-deploy", "Configure Azure App Service"), SERVICES),
        (("deploy", SERVICES), SERVICES),
        (("deploy", f"az-104/{SERVICES}"), SERVICES),
        (("deploy", key_of("az-104", SERVICES)), SERVICES),
        (("deploy", "configure-azure-app-services", "1-introduction"), f"{SERVICES}/1-introduction"),
        (("deploy", "configure-azure-app-services", "introduction"), f"{SERVICES}/1-introduction"),
        (("deploy", None, f"{SERVICES}/1-introduction"), f"{SERVICES}/1-introduction"),
        ((SERVICES, None, "introduction"), f"{SERVICES}/1-introduction"),
    ],
)
def test_modules_and_units_by_any_of_their_names(catalogue, az104, names, route):
    assert catalogue.node(az104, *names).route == route


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


@pytest.mark.parametrize("module", ["configure-azure-app-services", "Configure Azure App Services", SERVICES])
def test_a_module_of_another_path_names_that_path(catalogue, az104, module):
    module = az104.nodes[SERVICES].title if module[0] == "C" else module
    with pytest.raises(NotFound) as caught:
        catalogue.node(az104, "monitor", module)
    text = str(caught.value)
    assert az104.nodes[SERVICES].title in text
    assert az104.nodes["deploy"].title in text
    assert az104.nodes["monitor"].title in text
    assert text.endswith("Choose path `deploy` for it.")


def test_an_unknown_module_or_unit_gets_hints_from_where_it_was_looked_for(catalogue, az104):
    with pytest.raises(NotFound, match=r"has no module “app servces”\. Did you mean .*`configure-azure-app-services`"):
        catalogue.node(az104, "deploy", "app servces")
    with pytest.raises(NotFound, match=r"has no unit “1-introdution”\. Did you mean `1-introduction`"):
        catalogue.node(az104, "deploy", "configure-azure-app-services", "1-introdution")
    with pytest.raises(NotFound, match="has no module “qqqq”"):
        catalogue.node(az104, "deploy", "qqqq")


def test_a_title_that_several_units_have_is_not_guessed(catalogue, az104):
    count = sum(node.title == "Introduction" for node in az104.nodes.values() if node.route.startswith("deploy/"))
    assert count > 1
    with pytest.raises(NotFound, match=f"{count} units of .* are called “introduction”. Name the module too."):
        catalogue.node(az104, "deploy", None, "introduction")


def test_where_nothing_is_below_nothing_is_found(course):
    tiny = course({"a": {"m": []}, "b": {}})
    catalogue = Catalogue([tiny], "t-1")
    for names in (("b", "m"), ("b", None, "u"), ("a", "m", "u"), ("a", None, "u")):
        with pytest.raises(NotFound):
            catalogue.node(tiny, *names)
    assert catalogue.offer_modules(tiny, "b", "") == []
    assert catalogue.offer_units(tiny, "a", "m", "") == []


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


def test_renamed_modules_and_units_are_found_below_their_path(renamed):
    catalogue = Catalogue([renamed], "t-1")
    assert catalogue.node(renamed, "old", "old/was-m").route == "new/m"
    assert catalogue.node(renamed, "new", None, "old/m/u1").route == "new/m/u1"


@pytest.mark.parametrize("key", ["", "0123456789", key_of("az-104", "nowhere"), key_of("other", "deploy")])
def test_an_unknown_key_is_stale(catalogue, key):
    with pytest.raises(Stale, match="/paths"):
        catalogue.by_key(key)


def test_offers_start_with_all_in_order_and_are_at_most_25(catalogue, az104):
    assert catalogue.offer_paths(az104, "") == list(az104.paths)
    assert catalogue.offer_modules(az104, "deploy", "") == list(az104.nodes["deploy"].children)
    assert catalogue.offer_units(az104, "deploy", "configure-azure-app-services", "") == list(
        az104.nodes[SERVICES].children
    )
    for text in ("", "azure", "a", "e", "introduction", "intrduction"):
        assert 0 < len(catalogue.offer_modules(az104, "?", text)) <= 25
        assert 0 < len(catalogue.offer_units(az104, "?", "?", text)) <= 25
    assert [course.id for course in catalogue.offer_courses("")] == ["az-104", "az-400", "az-900", "dp-900"]


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


def test_offered_modules_and_units_keep_to_what_is_above(catalogue, az104):
    assert all(node.route.startswith("deploy/") for node in catalogue.offer_modules(az104, "az104-deploy", "azure"))
    assert all(node.route.startswith("deploy/") for node in catalogue.offer_units(az104, "deploy", "", "introduction"))
    assert SERVICES in [node.route for node in catalogue.offer_modules(az104, "deploy", "ap servics")[:3]]
    assert catalogue.offer_units(az104, "deploy", SERVICES, "sumary")[0].title.startswith("Summary")


@pytest.mark.parametrize(("text", "found"), [("104", "az-104"), ("dp", "dp-900"), ("data fundamentls", "dp-900")])
def test_offered_courses(catalogue, text, found):
    assert catalogue.offer_courses(text)[0].id == found


def test_what_is_offered_is_understood(catalogue, courses):
    """A choice that a member takes (its id, title, full id or key) always leads to the node that was offered."""
    for course in courses.values():
        for path in catalogue.offer_paths(course, ""):
            assert {catalogue.node(course, name) for name in (path.id, path.title, path.route, path.key)} == {path}
            for module in catalogue.offer_modules(course, path.id, ""):
                for name in (module.id, module.title, module.route, module.key):
                    assert catalogue.node(course, path.key, name) is module
                for unit in catalogue.offer_units(course, path.id, module.id, ""):
                    for name in (unit.id, unit.route, unit.key):
                        assert catalogue.node(course, path.title, module.id, name) is unit


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
