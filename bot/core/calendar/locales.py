"""Guess a time zone from Discord's language settings."""

_PLACES = {
    "bg": "Europe/Sofia", "cs": "Europe/Prague", "da": "Europe/Copenhagen", "de": "Europe/Berlin",
    "el": "Europe/Athens", "en-GB": "Europe/London", "en-US": "America/New_York", "es-ES": "Europe/Madrid",
    "es-419": "America/Mexico_City", "fi": "Europe/Helsinki", "fr": "Europe/Paris", "hi": "Asia/Kolkata",
    "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "id": "Asia/Jakarta", "it": "Europe/Rome", "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul", "lt": "Europe/Vilnius", "nl": "Europe/Amsterdam", "no": "Europe/Oslo",
    "pl": "Europe/Warsaw", "pt-BR": "America/Sao_Paulo", "ro": "Europe/Bucharest", "ru": "Europe/Moscow",
    "sv-SE": "Europe/Stockholm", "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "uk": "Europe/Kyiv",
    "vi": "Asia/Ho_Chi_Minh", "zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei",
}  # fmt: skip
"""The most populous zone of each language that Discord offers."""
PRESET = "en-US"
"""Discord's preset. It says little about where someone lives, so any other language counts first."""


def zone_of(*locales: str) -> str:
    """Return the zone of the first locale that was chosen, otherwise of the preset one."""
    chosen = [locale for locale in locales if locale in _PLACES and locale != PRESET]
    return _PLACES[chosen[0] if chosen else PRESET]
