"""Pictures over tables, one a file: each reads cells and says where marks stand. None computes a figure; scaling is all.

Across, places and widths are in per cent of the picture; down, in pixels. So one drawing fits a wall and a telephone,
and its letters keep their size.
"""
