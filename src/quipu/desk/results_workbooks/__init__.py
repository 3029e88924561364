"""Workbooks of readings at the desk: download, fill in, send, look, apply, submit."""
