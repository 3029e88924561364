-- Which activities of the books an edition on top of another one tells anew: those with new money or events, their funds, and those whose
-- records changed. $changed holds the latter.
CREATE TABLE affected AS
WITH own AS (
    SELECT a.key, a.fund FROM part_accounts a
    WHERE (a.kind = 'project' AND a.code IN (SELECT project FROM part_posted UNION SELECT project FROM part_events))
       OR (a.kind = 'fund' AND a.code IN (SELECT fund FROM part_posted UNION SELECT fund FROM part_events))
       OR a.key IN ($changed)
)
SELECT key FROM own
UNION
SELECT a.key FROM part_accounts a WHERE a.kind = 'fund' AND a.code IN (SELECT fund FROM own);
