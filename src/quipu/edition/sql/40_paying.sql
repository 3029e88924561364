-- Funds that publish their own payments, by type.
CREATE TABLE staging.paying AS
SELECT DISTINCT a.fund, a.publisher, e.type
FROM staging.entries e JOIN activities a USING (key)
WHERE a.place = 'fund' AND e.type IN ('2', '3');

-- The lists of whole activities: a fund's payment has those of the project that receives it, wherever that stands.
CREATE TABLE staging.whole_of AS
SELECT * EXCLUDE (entry), key IN (SELECT key FROM activities WHERE place <> 'elsewhere') AS pooled
FROM staging.list_of WHERE entry = 0;

-- Activities whose publisher marks their amounts as examples: every answer that holds one says so.
CREATE TABLE staging.illustrative AS
SELECT DISTINCT key FROM staging.portions WHERE dimension = 'note' AND code = 'illustrative';
