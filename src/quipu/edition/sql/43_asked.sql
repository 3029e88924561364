-- What questions are asked of: secondary reporters repeat the data of others and stay out.
CREATE VIEW facts AS SELECT * EXCLUDE (counted) FROM all_facts WHERE counted;

-- The payments that stand on the page of another activity than their own.
CREATE TABLE staging.moved AS SELECT * FROM all_facts WHERE subject <> key ORDER BY subject;

-- Who reported how much of each movement, so that an unnarrowed question need not look at every entry for it.
CREATE TABLE company AS
SELECT family, movement, publisher, CAST(sum(CASE WHEN illustrative THEN 1 ELSE 0 END) AS BIGINT) AS examples
FROM facts GROUP BY family, movement, publisher ORDER BY ALL;
