"""A bare baseline for freshness: one more row in a table of the same size, then a page of the newest rows and a sum."""

import http.server
import sqlite3
import threading
import time
import urllib.request


def seconds(path, entries):
    """From the moment a row is committed until it stands on the page."""
    books = sqlite3.connect(path, check_same_thread=False)
    books.execute("CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, project INTEGER, amount INTEGER)")
    ((there,),) = books.execute("SELECT count(*) FROM entry").fetchall()
    books.executemany("INSERT INTO entry VALUES (?, ?, 1)", ((n, n % 1000) for n in range(there, entries)))
    books.execute("CREATE INDEX IF NOT EXISTS by_project ON entry (project, amount)")
    new = books.execute("INSERT INTO entry (project, amount) VALUES (7, 1)").lastrowid
    books.commit()

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            newest = books.execute("SELECT id FROM entry ORDER BY id DESC LIMIT 12").fetchall()
            total = books.execute("SELECT sum(amount) FROM entry WHERE project = 7").fetchall()
            self.wfile.write(f"HTTP/1.0 200 OK\r\n\r\n{newest} {total}".encode())

    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    began = time.perf_counter()
    assert str(new) in urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").read().decode()
    return time.perf_counter() - began
