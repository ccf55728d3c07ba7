"""Courses: their types, reading, search, and a learner's progress."""
