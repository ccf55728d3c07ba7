"""Dates, time zones, weekly slots and streaks."""
