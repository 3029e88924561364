-- Every organization anybody names, under the name most often used for it.
CREATE TABLE organizations AS
SELECT organization,
       coalesce(first(name ORDER BY mentions DESC, name) FILTER (name <> ''), organization) AS name,
       CAST(sum(mentions) AS BIGINT) AS mentions,
       CAST(coalesce(sum(activities) FILTER (role = 'publisher'), 0) AS BIGINT) AS published,
       CAST(max(activities) AS BIGINT) AS activities,
       list(DISTINCT role ORDER BY role) AS roles
FROM (SELECT organization, name, role, sum(mentions) AS mentions, count(DISTINCT key) AS activities FROM every.named
--[over
      WHERE organization IN (SELECT organization FROM touched)
--over]
      GROUP BY ALL)
GROUP BY organization
ORDER BY organization;

-- Names of codes as publishers write them, for codes of their own lists.
CREATE TABLE stated_names AS
SELECT dimension, vocabulary, code, name
FROM (SELECT dimension, vocabulary, code, name, sum(mentions) AS mentions FROM every.coined
--[over
      WHERE (dimension, vocabulary, code) IN (SELECT (dimension, vocabulary, code) FROM recoined)
--over]
      GROUP BY ALL)
QUALIFY row_number() OVER (PARTITION BY dimension, vocabulary, code ORDER BY mentions DESC, name) = 1
ORDER BY ALL;

CREATE TABLE identifiers AS SELECT value, type, key FROM staging.identifiers ORDER BY value, key;

--[full
-- Documents that lead to no activity stand in the list of documents alone.
INSERT INTO documents
SELECT NULL, 1000000, 0, '', f.format, f.type, f.languages, f."on", coalesce(t.text, ''), coalesce(t.language, ''), f.sha256
FROM filed f LEFT JOIN filed_titles t USING (sha256)
WHERE f.sha256 NOT IN (SELECT sha256 FROM filed_about WHERE key IS NOT NULL) ORDER BY f.sha256;
--full]

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

-- What activities name as related, whether it is here or not.
CREATE TABLE related AS SELECT DISTINCT identifier FROM staging.relations ORDER BY identifier;
