"""Verbs of monitoring: narratives of a year, reviews and what came of them, risks and issues, lessons and best practices."""
