"""A bare baseline for publishing: one process, lxml.iterparse over the files, activities and transactions counted."""

import gzip
import json
import sys

from lxml import etree

counted = {"activities": 0, "transactions": 0, "bytes": 0}
for path in sys.argv[1:]:
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        for _, element in etree.iterparse(file, tag="{*}iati-activity", huge_tree=True):
            counted["activities"] += 1
            counted["transactions"] += sum(1 for _ in element.iterchildren("{*}transaction"))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        counted["bytes"] += file.tell()
print(json.dumps(counted))
