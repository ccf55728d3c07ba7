"""Patterns for words on course pages: headings in major languages, durations, statuses, kinds of units."""

import re
from math import ceil

from bot.core.course.course import Kind


def _any(words: str) -> str:
    """Return a pattern for any of ``words``, which are patterns with ``_`` for a space."""
    return f"(?:{'|'.join(words.split()).replace('_', ' ')})"


PARTS = {
    "audience": _any(r"""
        \baudience \bwho_(?:is|should|can)\b \bfor_whom\b zielgruppe für_wen \bpublic_(?:cible|visé|concerné) à_qui
        público dirigido \ba_quién \bpara_quem destinat[aá]ri a_chi_(?:è|si) doelgroep voor_wie odbiorc dla_kogo
        målgrupp målgruppe cílová pro_koho hedef_kitle аудитори для_кого 対象者 受講対象 対象読者 受众 目标学员 适合
        適合 受眾 대상 الجمهور đối_tượng sasaran
    """),
    "prerequisites": _any(r"""
        \bpre-?requisites?\b \brequirements\b \bbefore_you_(?:start|begin)\b voraussetzung vorkenntnis prérequis
        pré-requis conditions_préalables requisitos requisiti vereisten voorkennis wymagania förkunskap forudsætning
        forkunnskap forutsetning požadavky předpoklady ön_koşul önkoşul предварительн требовани вимоги 前提 先决
        先決 先修 必備 必备 사전 선수 المتطلبات điều_kiện prasyarat
    """),
    "skills": _any(r"""
        \bskills?\b \bobjectives?\b \b(?:learning_)?outcomes?\b \bwhat_you(?:['’]ll|_will)?_learn
        \byou(?:['’]ll|_will)_learn fähigkeiten kompetenzen fertigkeiten lernziele was_(?:du|sie)_lern compétences
        objectifs ce_que_vous habilidades competencias competências aptidões objetivos (?:lo_)?que_aprender
        competenze abilità obiettivi vaardigheden leerdoelen umiejętności kompetencje cele_(?:nauki|kursu|szkolenia)
        färdigheter færdigheder ferdigheter lärandemål læringsmål dovednosti cíle beceriler kazanım навык умени цели
        чему_вы навич スキル 学習目標 習得 技能 学习目标 學習目標 学习成果 기술 학습_?목표 역량 المهارات kỹ_năng
        mục_tiêu keterampilan tujuan
    """),
    "paths": _any(r"""
        \blearning[_-]?(?:paths?|journeys?|plan|tracks?)\b ^(?:the_|all_)?(?:paths?|courses|topics|trainings?)$
        \bwhat['’]s_inside
        \b(?:modules|checklist|curriculum|syllabus|contents|outline|lessons|chapters|roadmap|study_(?:plan|path|guide)s?)\b
        lernpfad lernweg lehrplan lektionen kapitel \bmodul(?:e|er|ene|y|os|i|ler|es)\b \binhalte?\b kursinhalt
        parcours \bprogramme\b chapitres leçons contenus?\b au_sommaire rutas?\b itinerarios? módulos temario
        contenidos?\b lecciones percursos? trilhas? roteiros? caminhos?\b conteúdo currículo lições percors[oi]
        \bmoduli\b contenuti lezioni leertraject leerpad \binhoud lessen\b ścieżk \bmoduł \blekcje spis_treści
        utbildningsväg läringsväg læringsforløb læringsvei læringsbane innehåll indhold studijní osnova öğrenme_yol
        modüller müfredat путь_обучения пути_обучения схем[аы]_обучения учебн\w+_(?:пут|план|программ) модули
        программа_(?:курса|обучения) содержание модулі зміст шлях\w*_навчання ラーニング_?パス 学習パス モジュール
        カリキュラム コース(?:内容|の内容) 学习路[径线] 學習路[徑線] 模块 模組 课程(?:大纲|内容|目录)
        課程(?:大綱|內容|目錄) 학습_?경로 모듈 커리큘럼 (?:과정|강의)_?(?:내용|목차) مسارات?_التعلم الوحدات lộ_trình
        mô[-_]?đun jalur_pembelajaran
    """),
    "overview": _any(r"""
        \boverview\b ^about\b ^introduction$ ^(?:course_)?(?:description|summary)$ übersicht überblick ^über
        ^einführung ^einleitung kursbeschreibung ^aperçu vue_d['’]ensemble ^présentation ^à_propos ^description
        ^introducción ^descripción información_general ^resumen ^visión_general ^acerca_de ^introdução ^descrição
        ^visão_geral ^sobre\b ^introduzione ^panoramica ^descrizione ^informazioni overzicht ^inleiding
        ^over_(?:deze|dit|de)\b ^omówienie ^opis ^wprowadzenie ^o_kursie ^przegląd översikt ^om_kursen oversigt
        oversikt ^přehled ^úvod ^o_kurzu genel_bakış ^hakkında ^обзор ^о_курсе ^введение ^описание ^огляд ^про_курс
        ^вступ 概要 はじめに コースについて 概述 概览 概覽 简介 簡介 课程介绍 課程介紹 개요 소개 نظرة_عامة
        ^tổng_quan ^giới_thiệu ^ringkasan ^ikhtisar ^gambaran
    """),
}
"""Parts of a course by words in their headings. The first match wins."""
PART_WORDS = {part: re.compile(words, re.IGNORECASE) for part, words in PARTS.items()}

SOLE = {part: re.compile(rf"[\W\d]*{words}\W*", re.IGNORECASE) for part, words in PARTS.items()}
"""Headings that consist only of the name of a part."""

_COURSE = _any(r"""
    this the of course certification exam program general kurs(?:es|en|u|a)? cours curso corso cursus du del do
    dell[ao]? ce diesen dieses dit deze este questo ten tym этом des de le la el il o os van курс[ае]? コース(?:の)?
    课程 課程 과정 강의 training
""")
SOLE_OVERVIEW = re.compile(
    rf"[\W\d]*(?:{_COURSE}[\s’'-]*)*(?:{PARTS['overview'].replace('^', '')})(?:[\s’'-]*{_COURSE})*[^\w]*", re.IGNORECASE
)
"""A heading that only introduces the overview, not an overview of something else."""

_NODE = _any(r"""
    learning_path path module unit lesson chapter part section stage phase step track lernpfad modul lektion kapitel
    teil einheit abschnitt parcours chapitre leçon unité partie ruta módulo unidad lección capítulo parte percurso
    trilha unidade lição percorso modulo unità lezione capitolo leerpad les hoofdstuk deel ścieżka moduł lekcja
    rozdział część модуль раздел урок глава часть モジュール ユニット レッスン 模块 单元 模組 單元 모듈 단원
""")
_TIME = _any(r"""
    week day month sprint session woche tag semaine jour semana día dia settimana giorno dag tydzień dzień неделя
    день
""")
_LEVEL = _any(r"""
    beginners? basics? fundamentals? intermediate advanced expert core required mandatory optional electives? bonus
    extra grundlagen anfänger fortgeschrittene? optionale? débutant avancé básico avanzado avançado base avanzato
    learning_paths? modules? units?
""")
_ALL = r"(?: (?:all|me|more|the|list|details|here|paths|modules|units|learning|contents))*"
NUMBERED = re.compile(rf"[^\w]*{_NODE} ?(?:\d+|[ivx]+)\b", re.IGNORECASE)
"""A heading such as “Module 2: Storage”."""
GROUP = re.compile(
    rf"[^\w]*(?:(?:{_NODE}|{_TIME}|level|tier) ?(?:\d+|[ivx]+|one|two|three|four|five)(?:\s*[-–]\s*\d+)?"
    rf"|{_LEVEL}|(?:click|tap)\b[^.:]*|(?:show|expand|view|see|open|toggle){_ALL})[^\w]*",
    re.IGNORECASE,
)
"""A heading that groups what follows and has no name of its own."""

GENERIC_LABEL = re.compile(
    r"\W*(?:(?:web)?link|url|here|open|start|go|view|watch|read|visit|more|details|docs?|website|course|site"
    r"|lien|enlace|hier|ici|aquí|aqui|qui|link(?: to)? (?:path|module|unit)|(?:open|start|view|go to|read|learn|see)"
    r"(?: (?:on|the|it|this|more|now|here|learning|path|module|unit|course|docs|page|microsoft|learn|in|at))+)?\W*",
    re.IGNORECASE,
)
"""A label that doesn't say where its link leads."""

_HOURS = _any(r"""
    h hrs? hours? std stdn stunden? heures? horas? or[ae] uur uren godz godzin[ay]? timmar timme timer? saat
    hodin[ay]? jam giờ час(?:а|ов)? ч годин[аи]? 時間 小时 小時 시간
""")
_MINUTES = _any(r"""
    m mins? minutes? minuten minutos? minuti minuto minut[aey]? minuter minutter minuutti[a]? perc dakika dk menit
    phút мин(?:ут[аы]?)? хв(?:илин[аи]?)? 分(?:钟|鐘|間)? 분
""")
_NUMBER = r"(?<![\d.,])(?:\d{1,4} ?(?:-|–|to|bis|à|a) ?)?(?P<%s>\d{1,4}(?:[.,]\d{1,2})?) ?-?"
_BEFORE = (
    r"(?:(?:(?:estimated |total |study )?(?:duration|time|length|effort)|dauer|zeit|durée|duración|duração|durata|duur"
    r"|czas(?: trwania)?|длительность|продолжительность|время|時間|所要時間|时长|時長|소요 ?시간)"
    r"(?: required| needed)?:? ?)?"
    r"(?:[~≈≃±]|about|approx(?:imately|\.)?|around|roughly|circa|ca\.?|etwa|rund|ungefähr|env(?:iron|\.)?|unos"
    r"|cerca de|około|ok\.|около|примерно|约|約|약|[⏱⏲⏰🕐-🕧⌛⏳]\ufe0f?|\s)*"
)
_WORD_END = r"(?![^\W\d_])\.?"
_AMOUNT = (
    rf"(?:(?P<colon>\d{{1,3}}):(?P<past>[0-5]\d)(?::[0-5]\d(?: ?{_HOURS})?| ?{_HOURS})\.?"
    rf"|{_NUMBER % 'hours'}{_HOURS}{_WORD_END}"
    rf"(?:(?:,| and| und| et| y| e| en| i| и)? ?(?P<rest>\d{{1,2}})(?: ?-?{_MINUTES}{_WORD_END})?)?"
    rf"|{_NUMBER % 'minutes'}{_MINUTES}{_WORD_END}(?: ?\d{{1,2}} ?(?:s|secs?|seconds?)\b\.?)?)"
)
_AFTER = r"(?: (?:read|reading|video|total|long|lecture|lesen|environ|work))?"
DURATION = re.compile(
    r"(?P<open>^[-–—|:·•,;*\s]*[(\[]?|\s?[(\[]|\s?[|;,·•]|\s[-–—]+(?=\s)|:\s|(?<=[.!?])\s)"
    rf"\s?{_BEFORE}{_AMOUNT}{_AFTER}"
    r"\s?(?P<close>[)\]]|(?=$|[|;,·•]|\s[-–—]+\s|\.?$))",
    re.IGNORECASE,
)
"""A standalone duration: in brackets, or between dashes, bars and the ends of a text."""
_STATUSES = _any(r"""
    in_progress wip done complete[d]? finished to_?do not_started not_yet pending planned started passed yes no
    new!? n/a tbd tba in_bearbeitung erledigt fertig offen en_cours terminé fait en_progreso hecho completado
    concluído em_andamento in_corso completato bezig klaar voltooid w_toku gotowe ukończone в_процессе готово
    выполнено 進行中 完了 完成 进行中 已完成 완료 진행_?중
""")
_SYMBOLS = r"[☐☑☒✅✓✔✗✘❌⬜⬛🔲🔳🟢🟡🔴🟠🟩🟨🟥⚪⚫🚧⏳⌛🔜🏁🎉🏆👍💯🔄🆕⭐🌟📌📍🔥📘📗📕📙📖📚🎓📝🔗📅🗓⏰\ufe0f]"
_DATE = (
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/. ]{1,2}(?:\d{1,2}|[^\W\d_]{3,10}\.?)[-/., ]{1,2}\d{2,4}"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
STATUS = re.compile(
    rf"[(\[]?(?:{_SYMBOLS}\s?|\[\s?[xX]?\s?\]\s?|(?<!\w){_STATUSES}:?(?: on| am| le| el)?\s?){{1,6}}[(\[]?{_DATE}[)\]]?"
    rf"|[(\[](?:{_SYMBOLS}|\s){{0,6}}(?:{_STATUSES}|{_DATE}|x)?[)\]]|^(?:{_SYMBOLS}\s?)+|(?:\s?{_SYMBOLS}){{1,6}}$"
    rf"|^[-–—:|\s]*{_STATUSES}[!.\s]*$|^{_DATE}$",
    re.IGNORECASE,
)
"""The author's own progress: check marks, dates after them, words such as “in progress”."""
COUNT = re.compile(
    r"(?:^|(?<=[-–—|·•,;(] )|(?<=[(]))(?:\d+ )?(?:learning paths?|modules?|units?|lessons?|xp)"
    r"(?=$|\s?[-–—|·•,;)])",
    re.IGNORECASE,
)
"""The kind of an entry, or the number of entries below it."""

_KINDS = {
    Kind.INTRODUCTION: _any(r"""
        ^\W*(?:\d+\W*)?(?:introduction|intro|overview|welcome|einführung|einleitung|introducción|introdução|introduzione|inleiding|wprowadzenie|введение|はじめに|概要|简介|介绍|소개)\b
    """),
    Kind.SUMMARY: _any(r"""
        ^\W*(?:\d+\W*)?(?:summary|conclusion|recap|wrap[-_]?up|zusammenfassung|fazit|résumé|resumen|resumo|riepilogo|samenvatting|podsumowanie|сводка|заключение|итоги|まとめ|摘要|总结|總結|요약)\b
    """),
    Kind.ASSESSMENT: _any(r"""
        \b(?:knowledge_check|check_your_knowledge|assessment|quiz|test_your|practice_(?:test|exam)|wissenstest|wissensüberprüfung|évaluation|contrôle_des_connaissances|evaluación|avaliação|verifica|kennischeck|test_wiedzy|проверка_знаний|тест)\b
        知識チェック 知识检查 지식_?점검
    """),
    Kind.EXERCISE: _any(r"""
        \b(?:exercise|lab|hands-on|practice|tutorial|workshop|übung|exercice|ejercicio|exercício|esercizio|oefening|ćwiczenie|упражнение)\b
        演習 练习 練習 연습
    """),
}
_KIND_WORDS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}
USUAL_MINUTES = {
    Kind.INTRODUCTION: 1, Kind.READING: 3, Kind.EXERCISE: 10, Kind.ASSESSMENT: 3, Kind.SUMMARY: 2,
}  # fmt: skip
"""Default minutes by kind: medians over all units of AZ-104 and AZ-900 that have minutes."""

COLUMNS = {
    "path": _any(r"""
        path lernpfad parcours ruta percurso trilha percorso leerpad leertraject ścieżka путь パス 路径 路徑 경로
    """),
    "module": _any(r"""
        module?s?\b modul módulo moduł модуль モジュール 模块 模組 모듈 chapter course kapitel
    """),
    "unit": _any(r"""
        \bunits?\b lesson einheit lektion unité leçon unidad lección unità lezione \bles\b lekcja урок ユニット 单元
        단원
    """),
    "minutes": _any(r"""
        \bmin minut
    """),
    "hours": _any(r"""
        hour \bhrs?\b ^h$ stunden heures horas
    """),
    "duration": _any(r"""
        duration \btime\b length dauer durée duración duração durata duur czas длительность время 時間 时长 시간
    """),
    "link": _any(r"""
        link url address adresse enlace ссылка リンク 链接 링크
    """),
    "skip": _any(r"""
        ^(?:#|no\.?|nr\.?|id|status|done|progress|badge|date|completed?|order|✓|✅|☑)?$
    """),
}
_COLUMNS = {name: re.compile(words, re.IGNORECASE) for name, words in COLUMNS.items()}


def part_of(heading: str) -> str:
    """Return the part of a course that a heading introduces; empty if none."""
    return next((part for part, words in PART_WORDS.items() if words.search(heading)), "")


def sole_part_of(heading: str) -> str:
    """Return the part if a heading consists only of its name; empty if none."""
    return next((part for part, words in SOLE.items() if words.fullmatch(heading)), "")


def column_of(heading: str) -> str:
    """Return what a table's column contains; empty if unknown."""
    return next((name for name, words in _COLUMNS.items() if words.search(heading)), "")


def kind_of(title: str) -> Kind:
    return next((kind for kind, words in _KIND_WORDS.items() if words.search(title)), Kind.READING)


def minutes_of(match: re.Match[str]) -> int:
    """Return the minutes of a ``DURATION``, rounded up, at least 1. For a range, its upper end."""
    if match["colon"]:
        return max(1, int(match["colon"]) * 60 + int(match["past"]))
    hours, minutes = (float((match[name] or "0").replace(",", ".")) for name in ("hours", "minutes"))
    return max(1, ceil(hours * 60 + int(match["rest"] or 0) + minutes))
