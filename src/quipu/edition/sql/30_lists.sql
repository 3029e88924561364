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
FROM here.staging.portions
WHERE dimension IN ('country', 'region', 'place', 'sdg', 'theme', 'window', 'marker')
   OR (dimension = 'sector' AND vocabulary IN ('1', '7'))
GROUP BY ALL;
