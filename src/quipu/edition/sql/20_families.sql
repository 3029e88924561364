-- Parents and children of one publisher, in whichever direction they are stated; a child lies lower in the hierarchy.
CREATE TABLE staging.members AS
SELECT key, publisher, identifier, CAST(hierarchy AS INTEGER) AS level, aid_type FROM staging.activities;

CREATE TABLE staging.stated AS
SELECT m.publisher, r.identifier AS parent, m.identifier AS child
FROM staging.relations r JOIN staging.members m USING (key) WHERE r.type = '1'
UNION
SELECT m.publisher, m.identifier, r.identifier
FROM staging.relations r JOIN staging.members m USING (key) WHERE r.type = '2';

CREATE TABLE staging.edges AS
SELECT p.key AS parent, c.key AS child
FROM staging.stated s
JOIN staging.members p ON p.publisher = s.publisher AND p.identifier = s.parent
JOIN staging.members c ON c.publisher = s.publisher AND c.identifier = s.child
WHERE c.level > p.level;

-- A fund: of the books, or listed by the operator, or of a pooled aid type and the parent of a lower hierarchy of the same publisher.
CREATE TABLE funds AS
SELECT DISTINCT m.publisher, m.identifier, m.key
FROM staging.members m
WHERE m.identifier IN (SELECT identifier FROM listed_funds)
   OR m.key IN (SELECT key FROM accounts WHERE kind = 'fund')
   OR (m.aid_type IN ('B031', 'B032', 'B033', 'B04') AND m.key IN (SELECT parent FROM staging.edges));

-- A listed fund that publishes no activity of its own lives in its children alone.
INSERT INTO funds
SELECT DISTINCT s.publisher, s.parent, NULL
FROM staging.stated s
WHERE s.parent IN (SELECT identifier FROM listed_funds)
  AND NOT EXISTS (SELECT 1 FROM funds f WHERE f.identifier = s.parent AND f.publisher = s.publisher);

CREATE TABLE staging.belongs AS
WITH RECURSIVE below AS (
    SELECT m.key, s.parent AS fund, 1 AS depth
    FROM staging.stated s
    JOIN funds f ON f.publisher = s.publisher AND f.identifier = s.parent
    JOIN staging.members m ON m.publisher = s.publisher AND m.identifier = s.child
    LEFT JOIN staging.members p ON p.key = f.key
    WHERE p.level IS NULL OR m.level > p.level
    UNION
    SELECT e.child, b.fund, b.depth + 1
    FROM below b JOIN staging.edges e ON e.parent = b.key
    WHERE b.depth < 4
)
SELECT key, arg_min(fund, row(depth, fund)) AS fund FROM below -- the nearest: a fund may stand below another
WHERE key NOT IN (SELECT key FROM funds WHERE key IS NOT NULL)
GROUP BY key;
