-- A fund's page shows the money of its projects as well (whole), beside what stands under its own name alone.
CREATE TABLE staging.parts_of AS
SELECT a.key AS part, f.key AS fund
FROM activities a JOIN funds f ON f.identifier = a.fund AND f.publisher = a.publisher
WHERE a.place = 'child' AND f.key IS NOT NULL;

CREATE TABLE cubes AS
SELECT key, of_parts, family, movement, year, organization, contributor, category, standing, currency,
       sum(value) AS value, sum(usd) AS usd, CAST(sum(entries) AS BIGINT) AS entries, CAST(sum(left_out) AS BIGINT) AS left_out,
       max(newest) AS newest
FROM (
    SELECT false AS of_parts, * FROM staging.own_cubes
    UNION ALL
    SELECT true, c.* REPLACE (p.fund AS key) FROM staging.own_cubes c JOIN staging.parts_of p ON p.part = c.key
--[over
    UNION ALL BY NAME SELECT * FROM base.cubes WHERE key IN (SELECT key FROM affected)
--over]
)
GROUP BY ALL ORDER BY key;

CREATE TABLE latest AS
SELECT * FROM (
    SELECT * FROM staging.own_latest
    UNION ALL
    SELECT l.* REPLACE (p.fund AS key) FROM staging.own_latest l JOIN staging.parts_of p ON p.part = l.key
--[over
    UNION ALL SELECT * FROM base.latest WHERE key IN (SELECT key FROM affected)
--over]
)
QUALIFY row_number() OVER (PARTITION BY key ORDER BY "on" DESC, entry DESC) <= 12
ORDER BY key;

-- Who gave to a fund of the books stands in its money.
INSERT INTO staging.participants
SELECT a.source, c.key, 0, 600 + row_number() OVER (PARTITION BY c.key ORDER BY c.contributor), '1', c.contributor, coalesce(b.name, ''), '', ''
FROM (SELECT DISTINCT key, contributor FROM cubes WHERE contributor <> '' AND NOT of_parts) c
JOIN activities a ON a.key = c.key AND a.key IN (SELECT key FROM accounts WHERE kind = 'fund')
LEFT JOIN (SELECT identity, any_value(name) AS name FROM bodies GROUP BY identity) b ON b.identity = c.contributor
WHERE NOT EXISTS (SELECT 1 FROM staging.participants p WHERE p.key = c.key AND p.organization = c.contributor AND p.role = '1');
