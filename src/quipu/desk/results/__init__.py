"""Results at the desk: frameworks, readings and their approval, periods, lists, beneficiaries, measures, a page for phones."""
