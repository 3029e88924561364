"""Publishing: editions and who made them, the quality list, previews, publishing by hand, and taking down."""
