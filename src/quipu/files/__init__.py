"""How a table is drawn as a file: they add separators, never numbers."""
