-- Which lists stand behind an entry, or (entry 0) an activity. Goals with percentages (as sectors) before goals without (as tags).
CREATE TABLE staging.list_of AS
SELECT l.key, l.entry,
       any_value(b.list) FILTER (l.dimension = 'geography') AS geography,
       any_value(b.list) FILTER (l.dimension = 'sector') AS sector,
       any_value(b.list) FILTER (l.dimension = 'place') AS place,
       coalesce(any_value(b.list) FILTER (l.dimension = 'sdg_sector'), any_value(b.list) FILTER (l.dimension = 'sdg')) AS sdg,
       any_value(b.list) FILTER (l.dimension = 'theme') AS theme,
       any_value(b.list) FILTER (l.dimension = 'window') AS "window",
       any_value(b.list) FILTER (l.dimension = 'marker') AS marker
FROM here.staging.lists l JOIN staging.bodies b USING (dimension, body)
GROUP BY l.key, l.entry
ORDER BY l.key, l.entry;
