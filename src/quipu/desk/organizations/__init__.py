"""Organizations: found, called rightly, told apart or put together."""
