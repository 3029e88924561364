-- Every entry with its movement. Providers of outgoing and receivers of incoming money default to the publisher.
CREATE OR REPLACE TEMP TABLE known AS
SELECT e.*, a.place, a.publisher, a.publisher_name, a.fund,
       e.type <> '' AND t.leaves AS outgoing,
       CASE WHEN e.provider = '' AND t.leaves THEN a.publisher ELSE e.provider END AS payer,
       CASE WHEN e.receiver = '' AND NOT t.leaves THEN a.publisher ELSE e.receiver END AS payee,
       a.fund <> '' AND (e.provider_activity = a.fund OR (e.provider_activity IN ('', a.identifier)
           AND (e.provider IN ('', a.publisher) OR lower(e.provider_name) = lower(a.publisher_name)))) AS from_fund
FROM here.staging.entries e
JOIN here.activities a USING (key)
JOIN iati_types t ON t.type = e.type;

CREATE TABLE entries AS
SELECT k.* EXCLUDE (place, outgoing, from_fund), k.place,
       c.family, c.movement, c.sign
FROM known k
LEFT JOIN staging.paying p ON p.fund = k.fund AND p.publisher = k.publisher AND p.type = k.type
JOIN iati_cases c
  ON c.place = k.place AND c.type = k.type AND c.negative = coalesce(k.value < 0, false) AND c.from_fund = k.from_fund
 AND c.gives_back = (NOT k.from_fund AND k.provider || k.provider_name <> ''
     AND (k.receiver IN ('', k.publisher) OR k.receiver_activity = k.fund OR lower(k.receiver_name) = lower(k.publisher_name)))
 AND c.fund_publishes = (p.fund IS NOT NULL)
ORDER BY k.key, k.ordinal;

CREATE TABLE staging.budgets_in_force AS
SELECT b.* FROM here.staging.budgets b
WHERE b.movement <> 'budget' OR b.type <> '1' OR NOT EXISTS (
    SELECT 1 FROM here.staging.budgets r
    WHERE r.key = b.key AND r.movement = 'budget' AND r.type = '2'
      AND r.period_from <= coalesce(b.period_to, b.period_from) AND coalesce(r.period_to, r.period_from) >= b.period_from
);

-- Who works with the money: the other party of a pooled movement, else the only implementing organization.
CREATE TABLE staging.implementing AS
SELECT key, any_value(organization) AS organization
FROM here.staging.participants WHERE role = '4' AND organization <> ''
GROUP BY key HAVING count(DISTINCT organization) = 1;
