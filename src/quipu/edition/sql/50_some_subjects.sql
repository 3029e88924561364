-- What can be said of some activities without the others; 51_subjects puts it together.
CREATE TABLE staging.marks AS
SELECT DISTINCT key,
       CASE WHEN dimension = 'sector' AND vocabulary = '7' THEN 'sdg' ELSE dimension END AS dimension, code
FROM here.staging.portions
WHERE code <> '' AND (dimension IN ('country', 'place', 'sdg', 'theme', 'window', 'marker')
   OR (dimension = 'region' AND vocabulary = '1') OR (dimension = 'sector' AND vocabulary IN ('1', '7')));

CREATE TABLE staging.named AS
SELECT publisher AS organization, publisher_name AS name, 'publisher' AS role, count(*) AS mentions, count(DISTINCT key) AS activities
FROM here.activities GROUP BY ALL
UNION ALL
SELECT organization, name, CASE role WHEN '1' THEN 'funding' WHEN '2' THEN 'accountable' WHEN '3' THEN 'extending'
       WHEN '4' THEN 'implementing' ELSE 'other' END, count(*), count(DISTINCT key)
FROM here.staging.participants WHERE organization <> '' GROUP BY ALL
UNION ALL
SELECT payer, provider_name, 'provider', count(*), count(DISTINCT key) FROM here.entries
WHERE provider <> '' GROUP BY ALL
UNION ALL
SELECT payee, receiver_name, 'receiver', count(*), count(DISTINCT key) FROM here.entries
WHERE receiver <> '' GROUP BY ALL;

CREATE TABLE staging.organization_activities AS
SELECT DISTINCT organization, key, role FROM here.staging.participants WHERE organization <> '';

CREATE TABLE staging.names AS
SELECT dimension, vocabulary, code, name, count(*) AS mentions FROM here.staging.portions WHERE name <> '' GROUP BY ALL;

CREATE TABLE documents AS
SELECT d.key, d.ordinal, d.line, d.url, d.format, d.categories, d.languages, d."on", d.title, d.title_language
FROM here.staging.documents d ORDER BY key, ordinal;

CREATE TABLE xml AS SELECT key, piece, line, body FROM here.staging.xml ORDER BY key, piece;

-- From when to when an activity runs: actual days before planned ones.
CREATE TABLE spans AS
SELECT key,
       coalesce(min("on") FILTER (type = '2'), min("on") FILTER (type = '1')) AS start,
       coalesce(max("on") FILTER (type = '4'), max("on") FILTER (type = '3')) AS until
FROM here.staging.dates GROUP BY key ORDER BY key;
