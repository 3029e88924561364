"""Monitoring at the desk: narratives of a year, reviews and their improvement plans, risks, lessons."""
