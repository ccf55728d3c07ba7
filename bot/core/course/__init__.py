"""Courses: their type, reading, search, and a learner's progress through one."""
