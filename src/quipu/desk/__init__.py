"""Where signed-in people work: one folder for each kind of work, with the same furniture in each."""
