"""Registers of programmes: kept, their rows entered and withdrawn, consents, counts; and resources outside the fund."""
