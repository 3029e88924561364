"""Expenditure returns: what an organization reports of a fund and a year, by project and category, until it is certified.

(domain.md, Things: Return; Calendar.) Rows and states, the difference between what stands and what is sent, the registry of
rules and their judges. Plain Python over facts that the books tell.
"""
