"""What the public sees: pages over an edition, and nothing else."""
