-- What a list can be narrowed by: each activity's countries, regions, sectors and marks, its own and its entries'.
CREATE TABLE memberships AS
SELECT DISTINCT key,
       CASE WHEN dimension = 'sector' AND vocabulary = '7' THEN 'sdg' ELSE dimension END AS dimension, code
FROM staging.portions
WHERE code <> '' AND (dimension IN ('country', 'place', 'sdg', 'theme', 'window', 'marker')
   OR (dimension = 'region' AND vocabulary = '1') OR (dimension = 'sector' AND vocabulary IN ('1', '7')))
ORDER BY dimension, code, key;

-- Every organization anybody names, under the name most often used for it.
CREATE TABLE staging.named AS
SELECT publisher AS organization, publisher_name AS name, 'publisher' AS role, count(*) AS mentions, count(DISTINCT key) AS activities
FROM activities GROUP BY ALL
UNION ALL
SELECT organization, name, CASE role WHEN '1' THEN 'funding' WHEN '2' THEN 'accountable' WHEN '3' THEN 'extending'
       WHEN '4' THEN 'implementing' ELSE 'other' END, count(*), count(DISTINCT key)
FROM staging.participants WHERE organization <> '' GROUP BY ALL
UNION ALL
SELECT payer, provider_name, 'provider', count(*), count(DISTINCT key) FROM entries
WHERE provider <> '' GROUP BY ALL
UNION ALL
SELECT payee, receiver_name, 'receiver', count(*), count(DISTINCT key) FROM entries
WHERE receiver <> '' GROUP BY ALL;

CREATE TABLE organizations AS
SELECT organization,
       coalesce(arg_max(name, mentions) FILTER (name <> ''), organization) AS name,
       CAST(sum(mentions) AS BIGINT) AS mentions,
       CAST(coalesce(sum(activities) FILTER (role = 'publisher'), 0) AS BIGINT) AS published,
       CAST(max(activities) AS BIGINT) AS activities,
       list(DISTINCT role ORDER BY role) AS roles
FROM staging.named WHERE organization <> ''
GROUP BY organization
ORDER BY organization;

CREATE TABLE staging.organization_activities AS
SELECT DISTINCT organization, key, role FROM staging.participants WHERE organization <> '';

CREATE TABLE participations AS
SELECT organization, key, role FROM staging.organization_activities ORDER BY organization, key, role;

-- Names of codes as publishers write them, for codes of their own lists.
CREATE TABLE stated_names AS
SELECT dimension, vocabulary, code, mode(name) AS name
FROM staging.portions WHERE name <> '' GROUP BY ALL ORDER BY ALL;

CREATE TABLE documents AS
SELECT d.key, d.ordinal, d.line, d.url, d.format, d.categories, d.languages, d."on", d.title, d.title_language
FROM staging.documents d ORDER BY key, ordinal;

CREATE TABLE xml AS SELECT key, piece, line, body FROM staging.xml ORDER BY key, piece;

CREATE TABLE identifiers AS SELECT value, type, key FROM staging.identifiers ORDER BY value, key;

-- What page records name of others.
CREATE TABLE staging.titles AS
SELECT identifier, any_value(title) AS title, any_value(kind) AS kind FROM activities
WHERE identifier IN (SELECT identifier FROM staging.relations) GROUP BY identifier;

CREATE TABLE staging.fund_titles AS
SELECT publisher, fund, any_value(title) AS title FROM activities WHERE place = 'fund' GROUP BY ALL;

-- Where an identifier leads: asked by the first 63 bits of its SHA-256, because text defeats zone maps.
CREATE TABLE addresses AS
SELECT CAST('0x' || left(sha256(identifier), 16) AS UBIGINT) >> 1 AS hash, identifier, key, 0 AS rank FROM activities
UNION ALL
SELECT CAST('0x' || left(sha256(value), 16) AS UBIGINT) >> 1, value, key, 1 FROM staging.identifiers WHERE type LIKE 'A%'
ORDER BY hash, rank, key;

CREATE TABLE parents AS SELECT DISTINCT parent, child FROM staging.edges ORDER BY parent, child;

-- From when to when an activity runs: actual days before planned ones.
CREATE TABLE spans AS
SELECT key,
       coalesce(min("on") FILTER (type = '2'), min("on") FILTER (type = '1')) AS start,
       coalesce(max("on") FILTER (type = '4'), max("on") FILTER (type = '3')) AS until
FROM staging.dates GROUP BY key ORDER BY key;
