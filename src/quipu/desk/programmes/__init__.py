"""Programmes: projects as records, what a factsheet tells of them and of funds, whom to ask, how they change status."""
