"""Write values as YAML, in the style of ``data/``."""

from typing import Any

import yaml

from bot.core.course.fields import MAX_TEXT


def yaml_text(value: Any) -> str:
    """Return ``value`` (mappings, lists, texts, numbers and booleans) as a YAML text."""
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": False, "width": 106}
    return str(yaml.dump(value, Dumper=_Dumper, **options))


class _Dumper(yaml.SafeDumper):
    """Writes lists indented, IDs on one line and long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def represent_scalar(self, tag: str, value: Any, style: str | None = None) -> yaml.ScalarNode:
        return super().represent_scalar(tag, value, ">" if len(value) > MAX_TEXT and " " in value else style)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        ids = all(isinstance(item, str) and " " not in item for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=ids or flow_style)
