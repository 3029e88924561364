"""Statements: lists of rows, each a figure, in a named layout."""
