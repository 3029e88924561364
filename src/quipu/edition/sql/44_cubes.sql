-- The small money cube of each page, and its newest vouchers.
CREATE OR REPLACE TEMP TABLE its_facts AS
SELECT * FROM here.all_facts WHERE subject = key
UNION ALL SELECT * FROM staging.moved WHERE subject BETWEEN $low AND $high;

CREATE TABLE staging.own_cubes AS
SELECT subject AS key, family, movement, year, participating_organization AS organization, contributor, category, standing,
       currency, sum(value) AS value, sum(usd) AS usd, count(*) AS entries, count(*) FILTER (usd IS NULL) AS left_out,
       max(entry) AS newest
FROM its_facts GROUP BY ALL;

CREATE TABLE staging.own_latest AS
SELECT subject AS key, entry, "on", family, movement, value, currency, provider, receiver, reference
FROM its_facts WHERE ordinal > 0
  -- a fund's vouchers are payments; the fund's own entry stands beside one seen from below
  AND NOT ends_with(movement, '_seen_from_below') AND movement <> 'budget'
  AND NOT (family = 'pooled' AND movement IN ('expenditure', 'direct_cost_expenditure'))
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY "on" DESC, entry DESC) <= 12;
