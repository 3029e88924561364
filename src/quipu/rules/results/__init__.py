"""Results: kinds of indicators and what may be done with their values, readings and their states, roll-ups."""
