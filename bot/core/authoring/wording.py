"""Words on course pages: headings of the parts of a course in major languages, durations, statuses, kinds of units."""

import re
from math import ceil

from bot.core.course.course import Kind

PARTS = {
    "audience": r"\baudience|\bwho (?:is|should|can)\b|\bfor whom\b|zielgruppe|für wen|\bpublic (?:cible|visé|concerné)"
    r"|à qui|público|dirigido|\ba quién|\bpara quem|destinat[aá]ri|a chi (?:è|si)|doelgroep|voor wie|odbiorc|dla kogo"
    r"|målgrupp|målgruppe|cílová|pro koho|hedef kitle|аудитори|для кого|対象者|受講対象|対象読者|受众|目标学员|适合|適合|受眾"
    r"|대상|الجمهور|đối tượng|sasaran",
    "prerequisites": r"\bpre-?requisites?\b|\brequirements\b|\bbefore you (?:start|begin)\b|voraussetzung|vorkenntnis"
    r"|prérequis|pré-requis|conditions préalables|requisitos|requisiti|vereisten|voorkennis|wymagania|förkunskap"
    r"|forudsætning|forkunnskap|forutsetning|požadavky|předpoklady|ön koşul|önkoşul|предварительн|требовани|вимоги"
    r"|前提|先决|先決|先修|必備|必备|사전|선수|المتطلبات|điều kiện|prasyarat",
    "skills": r"\bskills?\b|\bobjectives?\b|\b(?:learning )?outcomes?\b|\bwhat you(?:['’]ll| will)? learn|\byou(?:['’]ll| will) learn"
    r"|fähigkeiten|kompetenzen|fertigkeiten|lernziele|was (?:du|sie) lern|compétences|objectifs|ce que vous"
    r"|habilidades|competencias|competências|aptidões|objetivos|(?:lo )?que aprender|competenze|abilità|obiettivi"
    r"|vaardigheden|leerdoelen|umiejętności|kompetencje|cele (?:nauki|kursu|szkolenia)|färdigheter|færdigheder"
    r"|ferdigheter|lärandemål|læringsmål|dovednosti|cíle|beceriler|kazanım|навык|умени|цели|чему вы|навич|スキル|学習目標"
    r"|習得|技能|学习目标|學習目標|学习成果|기술|학습 ?목표|역량|المهارات|kỹ năng|mục tiêu|keterampilan|tujuan",
    "paths": r"\blearning[ -]?(?:paths?|journeys?|plan|tracks?)\b|^(?:the |all )?paths$|\b(?:modules|checklist|curriculum|syllabus"
    r"|contents|outline|lessons|chapters|roadmap|study (?:plan|path|guide)s?)\b|lernpfad|lernweg|lehrplan|lektionen|kapitel"
    r"|\bmodul(?:e|er|ene|y|os|i|ler|es)\b|\binhalte?\b|kursinhalt|parcours|\bprogramme\b|chapitres|leçons|contenus?\b|au sommaire"
    r"|rutas?\b|itinerarios?|módulos|temario|contenidos?\b|lecciones|percursos?|trilhas?|roteiros?|caminhos?\b|conteúdo"
    r"|currículo|lições|percors[oi]|\bmoduli\b|contenuti|lezioni|leertraject|leerpad|\binhoud|lessen\b|ścieżk|\bmoduł"
    r"|\blekcje|spis treści|utbildningsväg|läringsväg|læringsforløb|læringsvei|læringsbane|innehåll|indhold|studijní|osnova"
    r"|öğrenme yol|modüller|müfredat|путь обучения|пути обучения|схем[аы] обучения|учебн\w+ (?:пут|план|программ)|модули"
    r"|программа (?:курса|обучения)|содержание|модулі|зміст|шлях\w* навчання|ラーニング ?パス|学習パス|モジュール|カリキュラム"
    r"|コース(?:内容|の内容)|学习路[径线]|學習路[徑線]|模块|模組|课程(?:大纲|内容|目录)|課程(?:大綱|內容|目錄)|학습 ?경로|모듈|커리큘럼"
    r"|(?:과정|강의) ?(?:내용|목차)|مسارات? التعلم|الوحدات|lộ trình|mô[- ]?đun|jalur pembelajaran",
    "overview": r"\boverview\b|^about\b|^introduction$|^(?:course )?(?:description|summary)$|übersicht|überblick|^über|^einführung"
    r"|^einleitung|kursbeschreibung|^aperçu|vue d['’]ensemble|^présentation|^à propos|^description|^introducción"
    r"|^descripción|información general|^resumen|^visión general|^acerca de|^introdução|^descrição|^visão geral|^sobre\b"
    r"|^introduzione|^panoramica|^descrizione|^informazioni|overzicht|^inleiding|^over (?:deze|dit|de)\b|^omówienie"
    r"|^opis|^wprowadzenie|^o kursie|^przegląd|översikt|^om kursen|oversigt|oversikt|^přehled|^úvod|^o kurzu|genel bakış"
    r"|^hakkında|^обзор|^о курсе|^введение|^описание|^огляд|^про курс|^вступ|概要|はじめに|コースについて|概述|概览|概覽|简介|簡介"
    r"|课程介绍|課程介紹|개요|소개|نظرة عامة|^tổng quan|^giới thiệu|^ringkasan|^ikhtisar|^gambaran",
}
"""Parts of a course by words of their headings; the first one that fits wins."""
PART_WORDS = {part: re.compile(words, re.IGNORECASE) for part, words in PARTS.items()}

_COURSE = (
    r"(?:this|the|of|course|certification|exam|program|general|kurs(?:es|en|u|a)?|cours|curso|corso|cursus|du|del|do|dell[ao]?|ce|diesen|dieses|dit|deze|este|questo|ten|tym|этом"
    r"|des|de|le|la|el|il|o|os|van|курс[ае]?|コース(?:の)?|课程|課程|과정|강의|training)"
)
SOLE_OVERVIEW = re.compile(
    rf"[^\w]*(?:{_COURSE}[\s’'-]*)*(?:{PARTS['overview'].replace('^', '')})(?:[\s’'-]*{_COURSE})*[^\w]*", re.IGNORECASE
)
"""A heading that says nothing but that the overview follows, not one about an overview of something else."""

_NODE = (
    r"(?:learning path|path|module|unit|lesson|chapter|part|section|stage|phase|step|track|lernpfad|modul|lektion|kapitel|teil"
    r"|einheit|abschnitt|parcours|chapitre|leçon|unité|partie|ruta|módulo|unidad|lección|capítulo|parte|percurso|trilha|unidade"
    r"|lição|percorso|modulo|unità|lezione|capitolo|leerpad|les|hoofdstuk|deel|ścieżka|moduł|lekcja|rozdział|część|модуль"
    r"|раздел|урок|глава|часть|モジュール|ユニット|レッスン|模块|单元|模組|單元|모듈|단원)"
)
_TIME = r"(?:week|day|month|sprint|session|woche|tag|semaine|jour|semana|día|dia|settimana|giorno|dag|tydzień|dzień|неделя|день)"
NUMBERED = re.compile(rf"[^\w]*{_NODE} ?(?:\d+|[ivx]+)\b", re.IGNORECASE)
"""A heading such as “Module 2: Storage”."""
GROUP = re.compile(
    rf"[^\w]*(?:(?:{_NODE}|{_TIME}|level|tier) ?(?:\d+|[ivx]+|one|two|three|four|five)(?:\s*[-–]\s*\d+)?"
    r"|beginners?|basics?|fundamentals?|intermediate|advanced|expert|core|required|mandatory|optional|electives?|bonus|extra"
    r"|(?:grundlagen|anfänger|fortgeschrittene?|optionale?|débutant|avancé|básico|avanzado|avançado|base|avanzato"
    r"|learning paths?|modules?|units?)|(?:click|show|expand|view|see|open|tap|toggle)\b[^.:]*)[^\w]*",
    re.IGNORECASE,
)
"""A heading that groups what follows and names nothing itself."""

GENERIC_LABEL = re.compile(
    r"\W*(?:(?:web)?link|url|here|open|start|go|view|watch|read|visit|more|details|docs?|website|course|site|lien|enlace|hier|ici"
    r"|aquí|aqui|qui|link(?: to)? (?:path|module|unit)|(?:open|start|view|go to|read|learn|see)"
    r"(?: (?:on|the|it|this|more|now|here|learning|path|module|unit|course|docs|page|microsoft|learn|in|at))+)?\W*",
    re.IGNORECASE,
)
"""A label that says nothing about where its link leads."""

_HOURS = (
    r"(?:h|hrs?|hours?|std|stdn|stunden?|heures?|horas?|or[ae]|uur|uren|godz|godzin[ay]?|timmar|timme|timer?|saat|hodin[ay]?|jam|giờ"
    r"|час(?:а|ов)?|ч|годин[аи]?|時間|小时|小時|시간)"
)
_MINUTES = (
    r"(?:m|mins?|minutes?|minuten|minutos?|minuti|minuto|minut[aey]?|minuter|minutter|minuutti[a]?|perc|dakika|dk|menit|phút"
    r"|мин(?:ут[аы]?)?|хв(?:илин[аи]?)?|分(?:钟|鐘|間)?|분)"
)
_NUMBER = r"(?<![\d.,])(?:\d{1,4} ?(?:-|–|to|bis|à|a) ?)?(?P<%s>\d{1,4}(?:[.,]\d{1,2})?) ?-?"
_BEFORE = (
    r"(?:(?:(?:estimated |total |study )?(?:duration|time|length|effort)|dauer|zeit|durée|duración|duração|durata|duur|czas(?: trwania)?"
    r"|длительность|продолжительность|время|時間|所要時間|时长|時長|소요 ?시간)(?: required| needed)?:? ?)?"
    r"(?:[~≈≃±]|about|approx(?:imately|\.)?|around|roughly|circa|ca\.?|etwa|rund|ungefähr|env(?:iron|\.)?|unos|cerca de|około|ok\."
    r"|около|примерно|约|約|약|[⏱⏲⏰🕐-🕧⌛⏳]\ufe0f?|\s)*"
)
_AMOUNT = (
    rf"(?:(?P<colon>\d{{1,3}}):(?P<past>[0-5]\d)(?::[0-5]\d(?: ?{_HOURS})?| ?{_HOURS})\.?"
    rf"|{_NUMBER % 'hours'}{_HOURS}(?![^\W\d_])\.?(?:(?:,| and| und| et| y| e| en| i| и)? ?(?P<rest>\d{{1,2}})(?: ?-?{_MINUTES}(?![^\W\d_])\.?)?)?"
    rf"|{_NUMBER % 'minutes'}{_MINUTES}(?![^\W\d_])\.?(?: ?\d{{1,2}} ?(?:s|secs?|seconds?)\b\.?)?)"
)
_AFTER = r"(?: (?:read|reading|video|total|long|lecture|lesen|environ|work))?"
DURATION = re.compile(
    rf"(?P<open>^[-–—|:·•,;*\s]*[(\[]?|\s?[(\[]|\s?[|;,·•]|\s[-–—]+(?=\s)|:\s|(?<=[.!?])\s)\s?{_BEFORE}{_AMOUNT}{_AFTER}"
    r"\s?(?P<close>[)\]]|(?=$|[|;,·•]|\s[-–—]+\s|\.?$))",
    re.IGNORECASE,
)
"""A duration that stands by itself: in brackets, or between dashes, bars and the ends of a text."""
_STATUSES = (
    r"(?:in progress|wip|done|complete[d]?|finished|to ?do|not started|not yet|pending|planned|started|passed|yes|no|new!?|n/a|tbd|tba"
    r"|in bearbeitung|erledigt|fertig|offen|en cours|terminé|fait|en progreso|hecho|completado|concluído|em andamento|in corso"
    r"|completato|bezig|klaar|voltooid|w toku|gotowe|ukończone|в процессе|готово|выполнено|進行中|完了|完成|进行中|已完成|완료|진행 ?중)"
)
_SYMBOLS = r"[☐☑☒✅✓✔✗✘❌⬜⬛🔲🔳🟢🟡🔴🟠🟩🟨🟥⚪⚫🚧⏳⌛🔜🏁🎉🏆👍💯🔄🆕⭐🌟📌📍🔥📘📗📕📙📖📚🎓📝🔗\ufe0f]"
_DATE = (
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/. ]{1,2}(?:\d{1,2}|[^\W\d_]{3,10}\.?)[-/., ]{1,2}\d{2,4}"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
STATUS = re.compile(
    rf"(?:{_SYMBOLS}\s?|\[\s?[xX]?\s?\]\s?|(?<!\w){_STATUSES}:?(?: on| am| le| el)?\s?){{1,6}}[(\[]?{_DATE}[)\]]?"
    rf"|[(\[](?:{_SYMBOLS}|\s){{0,6}}(?:{_STATUSES}|{_DATE})?[)\]]|^(?:{_SYMBOLS}\s?)+|(?:\s?{_SYMBOLS}){{1,6}}$"
    rf"|^[-–—:|\s]*{_STATUSES}[!.\s]*$|^{_DATE}$",
    re.IGNORECASE,
)
"""How far the author of a page has come: check marks, dates behind them, words such as “in progress”."""
COUNT = re.compile(
    r"(?:^|(?<=[-–—|·•,;(] )|(?<=[(]))(?:\d+ )?(?:learning paths?|modules?|units?|lessons?|xp)(?=$|\s?[-–—|·•,;)])",
    re.IGNORECASE,
)
"""What kind of thing an entry is, or how many there are below it."""

KINDS = (
    (Kind.INTRODUCTION, r"^\W*(?:\d+\W*)?(?:introduction|intro|overview|welcome|einführung|einleitung|introducción|introdução|introduzione"
     r"|inleiding|wprowadzenie|введение|はじめに|概要|简介|介绍|소개)\b"),
    (Kind.SUMMARY, r"^\W*(?:\d+\W*)?(?:summary|conclusion|recap|wrap[- ]?up|zusammenfassung|fazit|résumé|resumen|resumo|riepilogo|samenvatting"
     r"|podsumowanie|сводка|заключение|итоги|まとめ|摘要|总结|總結|요약)\b"),
    (Kind.ASSESSMENT, r"\b(?:knowledge check|check your knowledge|assessment|quiz|test your|practice (?:test|exam)|wissenstest|wissensüberprüfung"
     r"|évaluation|contrôle des connaissances|evaluación|avaliação|verifica|kennischeck|test wiedzy|проверка знаний|тест)\b|知識チェック|知识检查|지식 ?점검"),
    (Kind.EXERCISE, r"\b(?:exercise|lab|hands-on|practice|tutorial|workshop|übung|exercice|ejercicio|exercício|esercizio|oefening|ćwiczenie"
     r"|упражнение)\b|演習|练习|練習|연습"),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in KINDS)
USUAL_MINUTES = {
    Kind.INTRODUCTION: 1, Kind.READING: 3, Kind.EXERCISE: 10, Kind.ASSESSMENT: 3, Kind.SUMMARY: 2,
}  # fmt: skip
"""Medians over all units of AZ-104 and AZ-900 that have minutes."""

COLUMNS = {
    "path": r"path|lernpfad|parcours|ruta|percurso|trilha|percorso|leerpad|leertraject|ścieżka|путь|パス|路径|路徑|경로",
    "module": r"module?s?\b|modul|módulo|moduł|модуль|モジュール|模块|模組|모듈|chapter|course|kapitel",
    "unit": r"\bunits?\b|lesson|einheit|lektion|unité|leçon|unidad|lección|unità|lezione|\bles\b|lekcja|урок|ユニット|单元|단원",
    "minutes": r"\bmin|minut",
    "hours": r"hour|\bhrs?\b|^h$|stunden|heures|horas",
    "duration": r"duration|\btime\b|length|dauer|durée|duración|duração|durata|duur|czas|длительность|время|時間|时长|시간",
    "link": r"link|url|address|adresse|enlace|ссылка|リンク|链接|링크",
    "skip": r"^(?:#|no\.?|nr\.?|id|status|done|progress|badge|date|completed?|order|✓|✅|☑)?$",
}
_COLUMNS = {name: re.compile(words, re.IGNORECASE) for name, words in COLUMNS.items()}


def part_of(heading: str) -> str:
    """The part of a course that a heading announces; empty where none."""
    return next((part for part, words in PART_WORDS.items() if words.search(heading)), "")


def column_of(heading: str) -> str:
    """What a table's column holds; empty where unknown."""
    return next((name for name, words in _COLUMNS.items() if words.search(heading)), "")


def kind_of(title: str) -> Kind:
    return next((kind for kind, words in _KINDS if words.search(title)), Kind.READING)


def minutes_of(found: re.Match[str]) -> int:
    """The minutes of a ``DURATION``, rounded up, at least one; of a range its upper end."""
    if found["colon"]:
        return max(1, int(found["colon"]) * 60 + int(found["past"]))
    hours, minutes = (float((found[name] or "0").replace(",", ".")) for name in ("hours", "minutes"))
    return max(1, ceil(hours * 60 + int(found["rest"] or 0) + minutes))
