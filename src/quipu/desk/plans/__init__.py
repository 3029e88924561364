"""Pages of work plans: the matrix, an organization's own lines, quarters, spending by output, and requests for transfers."""
