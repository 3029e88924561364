"""What is done with expenditure returns: written, handed over, certified, reviewed, posted, restated; and what surrounds them."""
