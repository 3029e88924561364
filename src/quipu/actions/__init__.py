"""What can be done: one file per verb."""
