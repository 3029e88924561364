"""A bare baseline for asking: pivots typed by hand over the downloaded Parquet, run by DuckDB and nothing of ours."""

import duckdb

BY_YEAR = """
SELECT year, movement, sum(usd) FROM '{facts}'
WHERE family = 'reported' AND movement IN ('disbursement', 'expenditure') AND usd IS NOT NULL
GROUP BY year, movement
"""
BY_COUNTRY_AND_YEAR = """
SELECT s.code, year, movement, sum(usd * share) FROM '{facts}' f
JOIN '{shares}' s ON s.list = f.geography AND s.dimension = 'country'
WHERE family = 'reported' AND movement IN ('disbursement', 'expenditure') AND usd IS NOT NULL
GROUP BY s.code, year, movement
"""
BY_COUNTRY = """
SELECT s.code, movement, sum(usd * share) FROM '{facts}' f
JOIN '{shares}' s ON s.list = f.geography AND s.dimension = 'country'
WHERE family = 'reported' AND movement IN ('disbursement', 'expenditure') AND usd IS NOT NULL
GROUP BY s.code, movement
"""
BY_COUNTRY_AND_SECTOR = """
SELECT s.code, t.code, movement, sum(usd * s.share * t.share) FROM '{facts}' f
JOIN '{shares}' s ON s.list = f.geography AND s.dimension = 'country'
JOIN '{shares}' t ON t.list = f.sectors AND t.dimension = 'sector'
WHERE family = 'reported' AND movement IN ('disbursement', 'expenditure') AND usd IS NOT NULL
GROUP BY s.code, t.code, movement
"""


def connected(threads):
    """An engine as anybody has it, with as many threads as the other side."""
    return duckdb.connect(config={"threads": threads})


def answer(connection, query, files):
    """All rows of a pivot."""
    return connection.execute(query.format(**files)).fetchall()
