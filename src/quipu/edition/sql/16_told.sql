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
SELECT key, position * $entries + ordinal AS entry, "on", reverses FROM staging.posted WHERE movement = 'transfer'
--[over
UNION ALL SELECT key, entry, "on", reverses FROM base.all_facts
WHERE movement = 'transfer' AND key IN (SELECT key FROM affected) AND key IN (SELECT key FROM accounts)
--over]
;
-- Totals of history that are carried or opened with have no day of their own.
CREATE TABLE staging.first_transfers AS
SELECT key, min("on") AS "on" FROM staging.transfers
WHERE reverses IS NULL AND entry NOT IN (SELECT reverses FROM staging.transfers WHERE reverses IS NOT NULL)
  AND entry // $entries NOT IN (SELECT position FROM every.vouchers WHERE kind IN ('carried', 'opening'))
GROUP BY key;

-- A project of the books begins with its first transfer, and ends on the day it was closed operationally.
INSERT INTO staging.dates
SELECT a.source, d.key, 0, d.ordinal, d.type, d."on", d.text
FROM (SELECT key, 501 AS ordinal, '2' AS type, "on", 'first transfer' AS text FROM staging.first_transfers
      WHERE key IN (SELECT key FROM accounts WHERE kind = 'project')
      UNION ALL SELECT key, 502, '4', closed_on, 'operational closure' FROM staging.told WHERE closed_on IS NOT NULL
      UNION ALL SELECT key, -1, '3', until, 'extension' FROM staging.told WHERE until IS NOT NULL) d
JOIN staging.activities a USING (key);

UPDATE staging.activities AS a SET status = (SELECT code FROM statuses WHERE word = t.status)
FROM staging.told t WHERE t.key = a.key AND t.status IS NOT NULL;
