"""The questions whose pictures are taken: one of each format."""

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
NAMES = [f"{name}{suffix}" for name in QUESTIONS for suffix in ("", "-answered")]
