-- The lists that differ, numbered.
CREATE TABLE staging.bodies AS
SELECT row_number() OVER (ORDER BY dimension, body) AS list, dimension, body
FROM (SELECT DISTINCT dimension, body FROM staging.lists);
