"""Render domain objects as Discord layouts. No await, no decisions."""
