"""Funds: their settings, windows, agreements and memoranda; their status and their years."""
