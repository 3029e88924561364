-- What the chain says of a fund or a project: its status, its end, the first payment that stands.
CREATE TABLE staging.told AS
SELECT a.key,
       arg_max(e.status, row(e."on", e.position)) FILTER (e.status <> '') AS status,
       arg_max(e."on", row(e."on", e.position)) FILTER (e.status = 'operationally_closed') AS closed_on,
       arg_max(e.until, row(e."on", e.position)) FILTER (e.until IS NOT NULL) AS until
FROM every.events e
JOIN accounts a ON e.organization = '' AND ((a.kind = 'project' AND a.code = e.project) OR (a.kind = 'fund' AND a.code = e.fund AND e.project = ''))
GROUP BY a.key;

CREATE TABLE staging.transfers AS
SELECT key, position * 1000000 + ordinal AS entry, "on", reverses FROM staging.posted WHERE movement = 'transfer'
--[over
UNION ALL SELECT key, entry, "on", reverses FROM base.all_facts
WHERE movement = 'transfer' AND key IN (SELECT key FROM affected) AND key IN (SELECT key FROM accounts)
--over]
;
CREATE TABLE staging.first_transfers AS
SELECT key, min("on") AS "on" FROM staging.transfers
WHERE reverses IS NULL AND entry NOT IN (SELECT reverses FROM staging.transfers WHERE reverses IS NOT NULL)
GROUP BY key;

-- A project of the books begins with its first transfer, and ends on the day it was closed operationally.
INSERT INTO staging.dates
SELECT a.source, d.key, 0, d.ordinal, d.type, d."on", ''
FROM (SELECT key, 501 AS ordinal, '2' AS type, "on" FROM staging.first_transfers
      UNION ALL SELECT key, 502, '4', closed_on FROM staging.told WHERE closed_on IS NOT NULL
      UNION ALL SELECT key, -1, '3', until FROM staging.told WHERE until IS NOT NULL) d
JOIN staging.activities a USING (key);

UPDATE staging.activities AS a SET status = CASE
    WHEN t.status IS NOT NULL THEN (SELECT code FROM statuses WHERE word = t.status)
    WHEN f.key IS NOT NULL THEN '2'
    ELSE a.status END
FROM accounts c LEFT JOIN staging.told t ON t.key = c.key LEFT JOIN staging.first_transfers f ON f.key = c.key
WHERE a.key = c.key;
