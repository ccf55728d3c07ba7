"""Headings, durations, course codes and titles in the words of real pages."""

import pytest

from bot.core.authoring.wording import DURATION, minutes_of
from tests.core.authoring.pages import PATHS, TITLE, course_of, notes_of, paths_of

HEADINGS = {
    "English": ("Overview", "Audience", "Prerequisites", "What you will learn", "Learning Paths"),
    "English 2": ("About this course", "Who should attend", "Requirements", "Objectives", "Course outline"),
    "German": ("Überblick", "Zielgruppe", "Voraussetzungen", "Lernziele", "Lernpfade"),
    "German 2": ("Über diesen Kurs", "Für wen?", "Vorkenntnisse", "Erworbene Fähigkeiten", "Module"),
    "French": ("Présentation du cours", "Public visé", "Prérequis", "Compétences acquises", "Parcours d’apprentissage"),
    "French 2": ("À propos de ce cours", "À qui s'adresse ce cours", "Conditions préalables", "Objectifs", "Chapitres"),
    "Spanish": ("Descripción general", "Público", "Requisitos previos", "Habilidades", "Rutas de aprendizaje"),
    "Spanish 2": ("Introducción", "A quién va dirigido", "Prerrequisitos", "Objetivos", "Módulos"),
    "Portuguese": ("Visão geral", "Público-alvo", "Pré-requisitos", "Competências", "Roteiros de aprendizagem"),
    "Portuguese 2": ("Sobre o curso", "Para quem", "Pré-requisitos", "Habilidades", "Percursos de aprendizagem"),
    "Italian": ("Panoramica", "Destinatari", "Prerequisiti", "Competenze acquisite", "Percorsi di apprendimento"),
    "Dutch": ("Overzicht", "Doelgroep", "Vereisten", "Vaardigheden", "Leertrajecten"),
    "Polish": ("Omówienie", "Odbiorcy", "Wymagania wstępne", "Umiejętności", "Ścieżki szkoleniowe"),
    "Swedish": ("Översikt", "Målgrupp", "Förkunskaper", "Färdigheter", "Utbildningsvägar"),
    "Danish": ("Oversigt", "Målgruppe", "Forudsætninger", "Færdigheder", "Læringsforløb"),
    "Czech": ("Přehled", "Cílová skupina", "Požadavky", "Dovednosti", "Studijní postupy"),
    "Turkish": ("Genel bakış", "Hedef kitle", "Önkoşullar", "Beceriler", "Öğrenme yolları"),
    "Russian": ("Обзор", "Аудитория", "Предварительные требования", "Навыки", "Схемы обучения"),
    "Russian 2": ("О курсе", "Для кого этот курс", "Требования", "Чему вы научитесь", "Содержание"),
    "Ukrainian": ("Огляд", "Для кого", "Вимоги", "Навички", "Модулі"),
    "Japanese": ("概要", "対象者", "前提条件", "習得できるスキル", "ラーニング パス"),
    "Chinese": ("概述", "受众", "先决条件", "技能", "学习路径"),
    "Chinese (Taiwan)": ("簡介", "適合對象", "必備條件", "學習目標", "學習路徑"),
    "Korean": ("개요", "대상", "사전 요구 사항", "학습 목표", "학습 경로"),
    "Indonesian": ("Ikhtisar", "Sasaran", "Prasyarat", "Keterampilan", "Jalur pembelajaran"),
    "Vietnamese": ("Tổng quan", "Đối tượng", "Điều kiện tiên quyết", "Kỹ năng", "Lộ trình học tập"),
}


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_of_major_languages(language: str) -> None:
    overview, audience, prerequisites, skills, paths = HEADINGS[language]
    course = course_of(
        f"# LH-210\n\n## {overview}\n\nO.\n\n## {audience}\n\nA.\n\n## {prerequisites}\n\n- P\n\n## {skills}\n\n- S\n\n"
        f"## {paths}\n\n- T\n"
    )
    assert (course.overview, course.audience, course.prerequisites, course.skills) == ("O.", "A.", ("P",), ("S",))
    assert [path.title for path in course.paths] == ["T"]


@pytest.mark.parametrize(
    ("says", "minutes"),
    [
        ("- 31 min", 31), ("- 1 hr 32 min", 92), ("(45 minutes)", 45), ("1h", 60), ("2 hours", 120), ("1h30", 90),
        ("1 h 5m", 65), ("1.5 hours", 90), ("1 hour and 5 minutes", 65), ("1 hr, 5 min", 65), ("~45 min", 45),
        ("about 2 hours", 120), ("1:30 h", 90), ("01:32:10", 92), ("45-minute", 45), ("⏱ 31 min", 31),
        ("Duration: 31 min", 31), ("[31 mins]", 31), ("0.1 min", 1), ("2 Std. 5 Min.", 125), ("ca. 1,5 Stunden", 90),
        ("1.2 min", 2),
        ("45 Minuten", 45), ("1 heure 30", 90), ("environ 2 heures", 120), ("2 horas y 5 minutos", 125),
        ("2 ore e 5 minuti", 125), ("2 uur", 120), ("45 minuten", 45), ("2 godziny 5 minut", 125),
        ("2 часа 15 минут", 135), ("45 мин", 45), ("1 時間 30 分", 90), ("45分", 45), ("2小时30分钟", 150),
        ("1시간 30분", 90), ("45 minut", 45), ("45 minuter", 45), ("2 saat", 120), ("5 min read", 5),
        ("30–45 min", 45),
    ],
)  # fmt: skip
def test_durations(says: str, minutes: int) -> None:
    found = DURATION.search(says)
    assert found
    assert minutes_of(found) == minutes
    (path,) = course_of(f"{PATHS}- [A](https://c.example/a) {says}\n").paths
    assert (path.minutes, path.description) == (minutes, None)


@pytest.mark.parametrize(
    "says", ["Cook in 30 minutes", "The 2 hours of rest", "24 h lamps", "Month 3", "2 days", "5 mines", "Version 1.5"]
)
def test_numbers_that_are_no_durations_stay(says: str) -> None:
    (path,) = course_of(f"{PATHS}- [{says}](https://c.example/a)\n- B\n").paths[:1]
    assert (path.title, path.minutes) == (says, None)


@pytest.mark.parametrize(
    ("heading", "code", "title"),
    [
        ("Coast Academy - LH-210 Learning Paths", "LH-210", "Coast Academy - LH-210 Learning Paths"),
        ("📘 LH-210 Study Journey", "LH-210", "📘 Study Journey"),
        ("How I passed LH-210!", "LH-210", "How I passed LH-210!"),
        ("Lights: LH-210, the course", "LH-210", "Lights: LH-210, the course"),
        ("Lights [LH-210]", "LH-210", "Lights"),
        ("Lights (LH-210) for all", "LH-210", "Lights for all"),
        ("[LH-210](https://c.example): Lights", "LH-210", "Lights"),
        ("**LH-210** | Lights", "LH-210", "Lights"),
        ("LH-210T00 and LH-210T01: Keeping lights", "LH-210T00", "LH-210T00 and LH-210T01: Keeping lights"),
        ("Lights LH-210/LH-211", "LH-210", "Lights LH-210/LH-211"),
        ("CompTIA SY0-701 Guide", "SY0-701", "CompTIA SY0-701 Guide"),
        ("CS50: Computers", "CS50", "Computers"),
        ("A+ 220-1101 Notes", "220-1101", "A+ 220-1101 Notes"),
        ("Kubernetes Administrator (CKA)", "CKA", "Kubernetes Administrator"),
        ("灯台 LH-210 入門", "LH-210", "灯台 LH-210 入門"),
    ],
)
def test_codes_anywhere_in_the_first_heading(heading: str, code: str, title: str) -> None:
    course = course_of(f"# {heading}\n\n- [ ] A\n")
    assert (course.code, course.title) == (code, title)


def test_the_code_that_was_taken_of_several_is_named() -> None:
    text = "\n\n# LH-210T00 and LH-210T01: Keeping lights\n\n- [ ] A\n"
    assert "p.md:3: took “LH-210T00” as the course code; the title also has “LH-210T01”" in notes_of(text)
    given = "---\ntitle: Lights (LH-211)\ncode: LH-210\n---\n- [ ] A\n"
    assert (course_of(given).code, course_of(given).title) == ("LH-210", "Lights (LH-211)")
    assert "p.md:2: took “LH-210” as the course code; the title also has “LH-211”" in notes_of(given)


def test_an_introduction_wins_over_a_heading_about_something_else() -> None:
    text = f"{PATHS}- A\n\n## Lamp hierarchy overview\n\nOn a tower.\n"
    assert course_of(text).overview == "All about lamps."
    assert any(note.startswith("p.md:11: “On a tower.” was left out") for note in notes_of(text))


def test_a_section_named_overview_wins_over_an_introduction() -> None:
    for heading in ("Overview", "Course overview", "LH-210 Overview", "Overview of this course", "1. Overview"):
        assert course_of(f"{TITLE}## {heading}\n\nThe course.\n\n## Paths\n\n- A\n").overview == "The course."


def test_a_heading_about_paths_is_no_overview() -> None:
    text = f"{TITLE}## Learning path overview\n\n- [A](https://c.example/a)\n"
    assert paths_of(text) == [("A", "https://c.example/a")]
    assert course_of(text).overview == "All about lamps."


def test_a_section_that_sounds_like_an_overview_is_taken_where_there_is_no_other() -> None:
    text = "# LH-210: Lights\n\n## Paths\n\n- A\n\n## Lamp hierarchy overview\n\nOn a tower.\n"
    assert course_of(text).overview == "On a tower."
    assert "p.md:9: took “On a tower.” as the overview" in notes_of(text)
