"""Results of programmes: their framework, what was read, and what is behind a number."""
