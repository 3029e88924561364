-- What questions are asked of: secondary reporters repeat the data of others and stay out.
CREATE VIEW facts AS SELECT * EXCLUDE (counted) FROM all_facts WHERE counted;

-- The payments that stand on the page of another activity than their own.
CREATE TABLE staging.moved AS SELECT * FROM all_facts WHERE subject <> key ORDER BY subject;
