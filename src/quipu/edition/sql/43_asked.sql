--[full
-- What questions are asked of: secondary reporters repeat the data of others and stay out.
CREATE VIEW facts AS SELECT * EXCLUDE (counted) FROM all_facts WHERE counted;
--full]
--[over
-- Activities that money is now cut by in another way: their facts before this edition are written again.
CREATE TABLE redressed AS
SELECT f.* REPLACE (k.status AS status, f.humanitarian OR k.humanitarian AS humanitarian, k.geography AS geography,
    k.sectors AS sectors, k.places AS places, k.sdgs AS sdgs, k.themes AS themes, k.windows AS windows, k.markers AS markers,
    k.illustrative AS illustrative)
FROM base.all_facts f
JOIN (SELECT * FROM cuts EXCEPT SELECT * FROM base.cuts) k USING (key)
WHERE f.key IN (SELECT key FROM base.cuts);
--over]

-- The payments that stand on the page of another activity than their own.
CREATE TABLE staging.moved AS SELECT * FROM all_facts WHERE subject <> key ORDER BY subject;

-- Who reported how much of each movement, so that an unnarrowed question need not look at every entry for it.
CREATE TABLE company AS
SELECT family, movement, publisher, CAST(sum(examples) AS BIGINT) AS examples
FROM (
    SELECT family, movement, publisher, CASE WHEN illustrative THEN 1 ELSE 0 END AS examples FROM all_facts WHERE counted
--[over
    UNION ALL SELECT family, movement, publisher, examples FROM base.company
    UNION ALL SELECT family, movement, publisher, CASE WHEN illustrative THEN 1 ELSE 0 END FROM redressed WHERE counted
    UNION ALL SELECT family, movement, publisher, CASE WHEN illustrative THEN -1 ELSE 0 END FROM base.all_facts
        WHERE counted AND key IN (SELECT key FROM redressed)
--over]
)
GROUP BY family, movement, publisher ORDER BY ALL;
