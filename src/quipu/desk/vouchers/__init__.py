"""Vouchers under four eyes: written by one person, looked at and posted by another."""
