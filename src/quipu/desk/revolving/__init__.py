"""Revolving funds of communities at the desk: their boxes, loans and cashbooks."""
