"""Work plans of programmes: what is planned, filled in, closed and asked for."""
