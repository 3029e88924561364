-- Every amount with all that it can be asked by.
CREATE OR REPLACE TEMP TABLE money AS
SELECT e.key, e.ordinal, e.entry, e.line, e."on", e.family, e.movement,
       e.value * e.sign AS value, e.currency, coalesce(e.value_date, e."on") AS day,
       e.payer AS provider, e.payee AS receiver,
       CASE WHEN e.family = 'reported' THEN coalesce(i.organization, '')
            WHEN e.movement IN ('transfer', 'allocation') THEN e.payee
            WHEN e.movement = 'refund' THEN CASE WHEN e.type = '7' THEN e.payer ELSE e.payee END
            WHEN e.movement = 'expenditure' THEN
                CASE WHEN e.provider <> '' AND e.provider <> e.publisher THEN e.provider ELSE coalesce(i.organization, '') END
            ELSE '' END AS participating_organization,
       e.humanitarian, e.aid_type, e.finance_type, e.receiver_activity, e.reference
FROM here.entries e LEFT JOIN here.staging.implementing i USING (key)
UNION ALL
SELECT b.key, -b.ordinal, -b.ordinal, b.line, b.period_from,
       CASE WHEN a.place = 'elsewhere' THEN 'reported' ELSE 'pooled' END, b.movement,
       b.value, b.currency, coalesce(b.value_date, b.period_from),
       b.provider, b.receiver,
       CASE WHEN b.receiver <> '' THEN b.receiver ELSE coalesce(i.organization, '') END,
       false, '', '', '', ''
FROM here.staging.budgets_in_force b JOIN here.activities a USING (key) LEFT JOIN here.staging.implementing i USING (key);

CREATE TABLE all_facts AS
SELECT m.key, m.ordinal, m.entry, a.source, m.line, m."on",
       CAST(year(m."on") AS INTEGER) AS year, year(m."on") || '-Q' || quarter(m."on") AS quarter,
       m.family, m.movement, m.value, m.currency,
       try_cast(m.value * r.rate AS DECIMAL(18, 6)) AS usd,
       m.reference, m.provider, m.receiver, m.participating_organization, a.publisher, a.fund,
       -- a fund's payment belongs to the project that receives it
       coalesce(c.identifier, CASE WHEN a.place = 'fund' THEN '' ELSE a.identifier END) AS project,
       coalesce(c.key, a.key) AS subject,
       s.word AS status,
       m.humanitarian OR a.humanitarian AS humanitarian,
       CASE WHEN m.aid_type <> '' THEN m.aid_type ELSE a.aid_type END AS aid_type,
       CASE WHEN m.finance_type <> '' THEN m.finance_type ELSE a.finance_type END AS finance_type,
       coalesce(own.geography, whole.geography, 0) AS geography,
       coalesce(own.sector, whole.sector, 0) AS sectors,
       coalesce(whole.place, 0) AS places,
       coalesce(own.sdg, whole.sdg, 0) AS sdgs,
       coalesce(whole.theme, 0) AS themes,
       coalesce(whole."window", 0) AS windows,
       coalesce(whole.marker, 0) AS markers,
       n.key IS NOT NULL AS illustrative,
       NOT a.secondary AS counted
FROM money m
JOIN here.activities a USING (key)
LEFT JOIN (SELECT key, publisher, identifier, fund, status FROM activities WHERE place <> 'elsewhere') c ON a.place = 'fund' AND m.receiver_activity <> ''
      AND c.publisher = a.publisher AND c.identifier = m.receiver_activity AND c.fund = a.fund
JOIN statuses s ON s.code = coalesce(c.status, a.status)
LEFT JOIN rates r ON r.currency = m.currency AND r.day = m.day
LEFT JOIN staging.illustrative n ON n.key = m.key
LEFT JOIN here.staging.list_of own ON own.key = m.key AND own.entry = m.ordinal AND m.ordinal > 0
LEFT JOIN (SELECT * FROM staging.whole_of WHERE key BETWEEN $low AND $high OR pooled) whole ON whole.key = coalesce(c.key, a.key)
ORDER BY m.key, m.ordinal;
