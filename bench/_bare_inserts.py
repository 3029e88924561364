"""A bare baseline for posting: batched INSERTs of the very same rows with the bare driver, and nothing of ours."""

import sqlite3
import time

import psycopg


def insert(address, tables):
    """Seconds to insert rows, given as {table: (columns, rows)}, in one transaction."""
    if "dbname=" in address:
        connection, mark = psycopg.connect(address), "%s"
    else:
        connection, mark = sqlite3.connect(address), "?"
        connection.execute("PRAGMA synchronous = FULL")
    began = time.perf_counter()
    for table, (columns, rows) in tables.items():
        names = ", ".join(f'"{column}"' for column in columns)
        sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join([mark] * len(columns))})"
        connection.cursor().executemany(sql, rows)
    connection.commit()
    seconds = time.perf_counter() - began
    connection.close()
    return seconds
