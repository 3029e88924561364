"""Expenditure returns at the desk: the list, one return, its form, its steps, and what is said about it."""
