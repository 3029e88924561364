-- Activities with their place in a family: a fund, a child of one, or elsewhere.
CREATE TABLE activities AS
SELECT a.*,
       CASE WHEN f.key IS NOT NULL THEN 'fund'
            WHEN b.key IS NULL AND a.key IN (SELECT parent FROM staging.edges) THEN 'programme'
            ELSE 'project' END AS kind,
       coalesce(f.identifier, b.fund, '') AS fund,
       CASE WHEN f.key IS NOT NULL THEN 'fund' WHEN b.key IS NOT NULL THEN 'child' ELSE 'elsewhere' END AS place
FROM here.staging.activities a
LEFT JOIN (SELECT DISTINCT key, identifier FROM funds WHERE key IS NOT NULL) f USING (key)
LEFT JOIN staging.belongs b USING (key)
ORDER BY a.key;
