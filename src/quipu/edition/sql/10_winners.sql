-- Which activities of files are the books': of the same publisher and identifier, or of the same identifier where the books name no publisher.
CREATE TABLE staging.same AS
SELECT DISTINCT f.key AS other, b.key
FROM part_activities b JOIN sources s ON s.source = b.source AND s.books
JOIN part_activities f ON f.identifier = b.identifier AND b.publisher = '' AND f.key <> b.key;

CREATE TABLE staging.ranked AS
SELECT coalesce(m.key, a.key) AS key, a.key AS own, a.source, a.copy, a.line, a.publisher, a.identifier, a.updated, s.books,
       row_number() OVER (
           PARTITION BY coalesce(m.key, a.key)
           ORDER BY s.books DESC,
                    try_cast(a.updated AS TIMESTAMPTZ) DESC NULLS LAST,
                    try_cast(s.generated AS TIMESTAMPTZ) DESC NULLS LAST,
                    s.name DESC, s.sha256 DESC, copy DESC, a.source
       ) AS place
FROM part_activities a JOIN sources s USING (source) LEFT JOIN staging.same m ON m.other = a.key AND NOT s.books;

-- Which copy of an activity counts: the books', then the later last-updated-datetime, then the later generated-datetime, then the later path; the hash of the file where two have one name.
CREATE TABLE winners AS SELECT key, source, copy FROM staging.ranked WHERE place = 1;

-- The others stay, listed and in no total.
CREATE TABLE copies AS
SELECT key, own, source, copy, line, publisher, identifier, updated FROM staging.ranked WHERE place > 1
ORDER BY key, source, copy;

-- The best copy behind an activity of the books: what they do not say of it is read there.
CREATE TABLE behind AS
SELECT r.key, r.own, r.source, r.copy FROM staging.ranked r
JOIN staging.ranked w ON w.key = r.key AND w.place = 1 AND w.books
WHERE r.place = 2 ORDER BY r.key;
