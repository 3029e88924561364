"""Documents at the desk: handing them in, describing them, making them public."""
