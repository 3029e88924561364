-- Funds that publish their own payments, by type; the books hold all that a fund of theirs paid.
CREATE TABLE staging.paying AS
SELECT DISTINCT a.fund, a.publisher, e.type
FROM staging.entries e JOIN activities a USING (key)
WHERE a.place = 'fund' AND e.type IN ('2', '3')
UNION
SELECT a.fund, a.publisher, t.type
FROM activities a JOIN accounts c USING (key), (VALUES ('2'), ('3')) t(type)
WHERE c.kind = 'fund';

-- Activities whose publisher marks their amounts as examples: every answer that holds one says so.
CREATE TABLE staging.illustrative AS
SELECT DISTINCT key FROM staging.portions WHERE dimension = 'note' AND code = 'illustrative';
