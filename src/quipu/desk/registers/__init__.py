"""Registers of programmes at the desk: their rows, consents, workbooks, what indicators count of them, other resources."""
