"""Views: load, ask, draw. No sums, no rules, no queries that a page next door would write again."""
