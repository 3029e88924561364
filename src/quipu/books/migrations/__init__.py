"""The one history of the books' tables."""
