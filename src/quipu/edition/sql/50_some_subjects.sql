-- What can be said of some activities without the others; 51_subjects puts it together. First, what a list can be narrowed by: each
-- activity's countries, regions, sectors and marks, its own and its entries'.
CREATE TABLE memberships AS
SELECT DISTINCT key,
       CASE WHEN dimension = 'sector' AND vocabulary = '7' THEN 'sdg' ELSE dimension END AS dimension, code
FROM here.staging.portions
WHERE code <> '' AND (dimension IN ('country', 'place', 'sdg', 'theme', 'window', 'marker')
   OR (dimension = 'region' AND vocabulary = '1') OR (dimension = 'sector' AND vocabulary IN ('1', '7')))
ORDER BY dimension, code, key;

-- Who is named where, in which role and how often.
CREATE TABLE named AS
SELECT key, organization, name, role, count(*) AS mentions
FROM (
    SELECT key, publisher AS organization, publisher_name AS name, 'publisher' AS role FROM here.activities
    UNION ALL
    SELECT key, organization, name, CASE role WHEN '1' THEN 'funding' WHEN '2' THEN 'accountable' WHEN '3' THEN 'extending'
           WHEN '4' THEN 'implementing' ELSE 'other' END
    FROM here.staging.participants
    UNION ALL
    SELECT key, payer, provider_name, 'provider' FROM here.entries WHERE provider <> ''
    UNION ALL
    SELECT key, payee, receiver_name, 'receiver' FROM here.entries WHERE receiver <> ''
)
WHERE organization <> '' GROUP BY ALL ORDER BY key;

CREATE TABLE participations AS
SELECT DISTINCT organization, key, role FROM here.staging.participants WHERE organization <> '' ORDER BY organization, key, role;

-- Which names publishers write beside codes of their own lists.
CREATE TABLE coined AS
SELECT key, dimension, vocabulary, code, name, count(*) AS mentions FROM here.staging.portions WHERE name <> ''
GROUP BY ALL ORDER BY key;

CREATE TABLE documents AS
SELECT d.key, d.ordinal, d.line, d.url, d.format, d.categories, d.languages, d."on", d.title, d.title_language, '' AS sha256
FROM here.staging.documents d
UNION ALL -- the office's own, under each activity they are about
SELECT a.key, 1000000 + min(a.ordinal), 0, '', f.format, f.type, f.languages, f."on", coalesce(any_value(t.text), ''),
       coalesce(any_value(t.language), ''), f.sha256
FROM every.filed_about a
JOIN every.filed f USING (sha256)
JOIN here.activities v ON v.key = a.key
LEFT JOIN every.filed_titles t USING (sha256)
GROUP BY a.key, f.sha256, f.format, f.type, f.languages, f."on"
ORDER BY key, ordinal, sha256;

CREATE TABLE xml AS SELECT key, piece, line, body FROM here.staging.xml ORDER BY key, piece;

-- From when to when an activity runs: actual days before planned ones.
CREATE TABLE spans AS
SELECT key,
       coalesce(min("on") FILTER (type = '2'), min("on") FILTER (type = '1')) AS start,
       coalesce(max("on") FILTER (type = '4'), max("on") FILTER (type = '3')) AS until
FROM here.staging.dates GROUP BY key ORDER BY key;

-- Which activities report any result.
CREATE TABLE resulted AS
SELECT DISTINCT key FROM (SELECT key FROM here.staging.readings UNION ALL SELECT key FROM here.staging.observations) ORDER BY key;

-- Results that are kept at the desk.
CREATE TABLE aims AS SELECT * EXCLUDE (source, copy) FROM here.staging.aims ORDER BY key, ordinal;
CREATE TABLE indicators AS SELECT * EXCLUDE (source, copy) FROM here.staging.indicators ORDER BY key, ordinal;
CREATE TABLE result_texts AS SELECT * EXCLUDE (source, copy) FROM here.staging.result_texts ORDER BY key, ordinal;
CREATE TABLE targets AS SELECT * EXCLUDE (source, copy) FROM here.staging.targets ORDER BY key, ordinal;
CREATE TABLE observations AS SELECT * EXCLUDE (source, copy) FROM here.staging.observations ORDER BY key, ordinal;
CREATE TABLE observation_cells AS SELECT * EXCLUDE (source, copy) FROM here.staging.observation_cells ORDER BY key, ordinal;
CREATE TABLE observation_papers AS SELECT * EXCLUDE (source, copy) FROM here.staging.observation_papers ORDER BY key, ordinal;
CREATE TABLE beneficiaries AS SELECT * EXCLUDE (source, copy) FROM here.staging.beneficiaries ORDER BY key, ordinal;
