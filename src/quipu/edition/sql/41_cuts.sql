-- What all money of an activity is cut by: its own words, and the lists of the whole activity.
CREATE TABLE cuts AS
SELECT a.key, a.place <> 'elsewhere' AS pooled, s.word AS status, a.humanitarian, a.aid_type, a.finance_type,
       coalesce(l.geography, 0) AS geography, coalesce(l.sector, 0) AS sectors, coalesce(l.place, 0) AS places,
       coalesce(l.sdg, 0) AS sdgs, coalesce(l.theme, 0) AS themes, coalesce(l."window", 0) AS windows,
       coalesce(l.marker, 0) AS markers, n.key IS NOT NULL AS illustrative, NOT a.secondary AS counted
FROM here.activities a
JOIN statuses s ON s.code = a.status
LEFT JOIN staging.illustrative n USING (key)
LEFT JOIN here.staging.list_of l ON l.key = a.key AND l.entry = 0
ORDER BY a.key;
