"""How the field speaks: IATI read as it is in the wild."""
