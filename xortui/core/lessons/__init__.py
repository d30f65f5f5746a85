"""Lessons: data files, the language of their answers, and how answers are marked."""
