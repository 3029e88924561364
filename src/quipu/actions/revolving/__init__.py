"""Revolving funds of communities: keeping their records, and what moves in their boxes."""
