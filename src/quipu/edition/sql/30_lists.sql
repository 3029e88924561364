-- Each list of shares once; the same list of countries stands behind thousands of entries. Countries and regions are one list.
CREATE TABLE staging.lists AS
SELECT key, entry,
       CASE WHEN dimension IN ('country', 'region') THEN 'geography'
            WHEN dimension = 'sector' AND vocabulary = '7' THEN 'sdg_sector'
            ELSE dimension END AS dimension,
       string_agg(
           CASE WHEN dimension = 'country' THEN 'c' WHEN dimension = 'region' THEN 'r' ELSE '' END || chr(31) ||
           CASE WHEN dimension = 'region' AND vocabulary <> '1' THEN vocabulary || ':' || code
                WHEN dimension = 'marker' AND vocabulary <> '1' THEN vocabulary || '-' || code
                ELSE code END || chr(31) || percentage, chr(30) ORDER BY ordinal) AS body
FROM staging.portions
WHERE dimension IN ('country', 'region', 'place', 'sdg', 'theme', 'window', 'marker')
   OR (dimension = 'sector' AND vocabulary IN ('1', '7'))
GROUP BY ALL;

CREATE TABLE staging.bodies AS
SELECT row_number() OVER (ORDER BY dimension, body) AS list, dimension, body
FROM (SELECT DISTINCT dimension, body FROM staging.lists);

-- Goals with percentages (as sectors) before goals without (as tags).
CREATE TABLE staging.used AS
SELECT l.key, l.entry, CASE WHEN l.dimension = 'sdg_sector' THEN 'sdg' ELSE l.dimension END AS dimension,
       arg_min(b.list, CASE WHEN l.dimension = 'sdg_sector' THEN 0 ELSE 1 END) AS list
FROM staging.lists l JOIN staging.bodies b USING (dimension, body)
GROUP BY ALL;

CREATE TABLE staging.list_of AS
PIVOT staging.used ON dimension IN ('geography', 'sector', 'place', 'sdg', 'theme', 'window', 'marker')
USING any_value(list) GROUP BY key, entry;
