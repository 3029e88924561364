"""Django's own commands, as the books need them."""
