"""Skills of an exam: which modules teach them, what to read on the others, and the faults of each key."""

import pytest

from bot.core.course.skills import pages, teaching, untaught
from bot.errors import BrokenCourse

COURSE = """\
code: S-1
title: Skilled
overview: A course with skills.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 100
  domains:
    - id: one
      title: One
      weight: [40, 60]
      skills:
        - {id: locks, statement: Protect resources with locks}
        - {id: tags, statement: Tag resources}
    - id: two
      title: Two
      weight: [40, 60]
      skills:
        - {id: metrics, statement: Interpret metrics}
        - {id: alerts, statement: Set up alerts}
not_taught:
  - skill: metrics
    pages:
      - {title: Metrics, url: "https://example.org/metrics"}
  - skill: tags
    pages:
      - {title: Tags, url: "https://example.org/tags"}
paths:
  - id: a
    title: Path a
    domain: one
    modules:
      - {id: m, title: Module m, teaches: [locks], touches: [tags]}
      - {id: n, title: Module n, teaches: [locks, alerts]}
"""


def test_skills_belong_to_domains_and_modules(reader):
    course = reader.read(COURSE, "s.yaml")
    assert course.domain_of_skill == {"locks": "one", "tags": "one", "metrics": "two", "alerts": "two"}
    assert [module.id for module in teaching(course, "locks")] == ["m", "n"]
    assert teaching(course, "tags") == ()
    assert [page.title for page in pages(course, "tags")] == ["Tags"]
    assert pages(course, "locks") == ()
    assert [skill.id for skill in untaught(course, "two")] == ["metrics"]
    assert untaught(course, "one") == (), "taught in part"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("teaches: [locks], t", "teaches: [lock], t", 33, "'lock' is not a skill of the exam; did you mean 'locks'?"),
        ("touches: [tags]", "touches: [locks]", 33, "teaches > 1: 'locks' is listed 2 times in this module"),
        ("{id: alerts, s", "{id: tags, s", 20, "skills > 2 > id: 'tags' is used 2 times"),
        ("{id: alerts, s", "{id: none, s", 20, "skills > 2 > id: 'none' means no skill; choose another ID"),
        ("- skill: tags", "- skill: locks", 25, "'locks' is taught by a module (`teaches`); remove it here, or use"),
        ("- skill: tags", "- skill: metrics", 25, "not_taught > 2 > skill: 'metrics' is listed 2 times"),
        ("- skill: tags", "- skill: budgets", 25, "not_taught > 2 > skill: 'budgets' is not a skill of the exam"),
        ("https://example.org/tags", "example.org/tags", 27, "url: String should match pattern"),
    ],
)  # fmt: skip
def test_faults_of_skills(reader, old, new, line, says):
    assert old in COURSE
    with pytest.raises(BrokenCourse) as caught:
        reader.read(COURSE.replace(old, new, 1), "s.yaml")
    assert any(fault.startswith(f"s.yaml:{line}: ") and says in fault for fault in caught.value.faults), (
        caught.value.faults
    )


def test_all_domains_have_skills_or_none(reader):
    cut = COURSE[: COURSE.index("      skills:\n        - {id: metrics")] + COURSE[COURSE.index("not_taught:") :]
    with pytest.raises(BrokenCourse, match="has no `skills`, but other domains do; list the skills of 'two' too"):
        reader.read(cut, "s.yaml")


@pytest.mark.parametrize(("code", "skills"), [("az-104", 82), ("az-900", 57), ("dp-900", 30), ("az-400", 86)])
def test_real_courses_have_the_skills_of_their_outlines(courses, code, skills):
    course = courses[code]
    assert len(course.domain_of_skill) == skills
    assert course.exam.outline is not None
    if code != "az-400":
        for domain in course.exam.domains:
            for skill in domain.skills:
                assert teaching(course, skill.id) or pages(course, skill.id), skill.id
