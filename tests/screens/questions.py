"""The names of the pictures of single messages: a question of each format, and what takes a day or an upload."""

QUESTIONS = {
    "format-exhibit": "lb-probe-blocked-by-nsg",
    "format-multiple": "rg-move-across-subscriptions",
    "format-yesno": "webapp-swap-two-settings",
    "format-complete": "azps-nsg-add-rule",
    "format-matching": "rbac-builtin-roles-match",
    "format-order": "storage-cmk-setup-order",
    "format-case": "case-litware-recovery-three",
}
"""A question of AZ-104 by the name of its pictures."""
SAMPLES = [
    "daily-question", "daily-answered", "exam-question", "exam-passed", "course-problems", "course-preview",
    "course-replaced", "course-versions",
]  # fmt: skip
NAMES = [*(f"{name}{suffix}" for name in QUESTIONS for suffix in ("", "-answered")), *SAMPLES]
