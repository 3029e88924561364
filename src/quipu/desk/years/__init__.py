"""The year's end: what is owed by when, more time for it, the agent's console, and the consolidated report."""
