"""Workbooks of returns at the desk: download, fill in, upload, look, apply; files of another shape; practice."""
