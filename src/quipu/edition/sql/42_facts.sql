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
       CASE WHEN e.family = 'pooled' AND e.movement IN ('pledge', 'commitment', 'deposit') THEN e.payer
            WHEN e.family = 'pooled' AND e.movement = 'contributor_refund' THEN e.payer ELSE '' END AS contributor,
       '' AS agreement, '' AS category, '' AS standing, CAST(NULL AS BIGINT) AS reverses,
       e.humanitarian, e.aid_type, e.finance_type, e.receiver_activity, e.reference
FROM here.entries e LEFT JOIN here.staging.implementing i USING (key)
UNION ALL
SELECT b.key, -b.ordinal, -b.ordinal, b.line, b.period_from,
       CASE WHEN a.place = 'elsewhere' THEN 'reported' ELSE 'pooled' END, b.movement,
       b.value, b.currency, coalesce(b.value_date, b.period_from),
       b.provider, b.receiver,
       CASE WHEN b.receiver <> '' THEN b.receiver ELSE coalesce(i.organization, '') END,
       '', '', '', '', NULL, false, '', '', '', ''
FROM here.staging.budgets_in_force b JOIN here.activities a USING (key) LEFT JOIN here.staging.implementing i USING (key)
UNION ALL
SELECT l.key, l.position * $entries + l.ordinal, l.position * $entries + l.ordinal, l.position, l."on", 'pooled', l.movement,
       l.value, l.currency, l."on",
       CASE e.payer WHEN 'agent' THEN a.publisher WHEN 'contributor' THEN coalesce(c.identity, '')
            WHEN 'organization' THEN coalesce(o.identity, '') ELSE '' END,
       CASE e.payee WHEN 'agent' THEN a.publisher WHEN 'contributor' THEN coalesce(c.identity, '')
            WHEN 'organization' THEN coalesce(o.identity, '') ELSE '' END,
       coalesce(o.identity, ''), coalesce(c.identity, ''), l.agreement, l.category, l.standing, l.reverses,
       false, '', '', '', l.reference
FROM here.staging.posted l
JOIN here.activities a USING (key)
LEFT JOIN bodies o ON o.code = l.organization
LEFT JOIN bodies c ON c.code = l.contributor
LEFT JOIN ledger_ends e ON e.movement = l.movement;

CREATE TABLE all_facts AS
SELECT m.key, m.ordinal, m.entry, a.source, m.line, m."on",
       CAST(year(m."on") AS INTEGER) AS year, year(m."on") || '-Q' || quarter(m."on") AS quarter,
       m.family, m.movement, m.value, m.currency,
       try_cast(m.value * r.rate AS DECIMAL(18, 6)) AS usd,
       m.reference, m.provider, m.receiver, m.participating_organization, m.contributor, m.agreement, m.category, m.standing,
       m.reverses, a.publisher, a.fund,
       -- a fund's payment belongs to the project that receives it
       coalesce(c.identifier, CASE WHEN a.place = 'fund' THEN '' ELSE a.identifier END) AS project,
       coalesce(c.key, a.key) AS subject,
       whole.status, m.humanitarian OR k.humanitarian AS humanitarian,
       CASE WHEN m.aid_type <> '' THEN m.aid_type ELSE k.aid_type END AS aid_type,
       CASE WHEN m.finance_type <> '' THEN m.finance_type ELSE k.finance_type END AS finance_type,
       coalesce(own.geography, whole.geography) AS geography, coalesce(own.sector, whole.sectors) AS sectors, whole.places,
       coalesce(own.sdg, whole.sdgs) AS sdgs, whole.themes, whole.windows, whole.markers, k.illustrative, k.counted
FROM money m
JOIN here.activities a USING (key)
JOIN here.cuts k USING (key)
LEFT JOIN (SELECT key, publisher, identifier, fund FROM activities WHERE place <> 'elsewhere') c ON a.place = 'fund' AND m.receiver_activity <> ''
      AND c.publisher = a.publisher AND c.identifier = m.receiver_activity AND c.fund = a.fund
LEFT JOIN rates r ON r.currency = m.currency AND r.day = m.day
LEFT JOIN here.staging.list_of own ON own.key = m.key AND own.entry = m.ordinal AND m.ordinal > 0
JOIN (SELECT * FROM cuts WHERE key BETWEEN $low AND $high OR pooled) whole ON whole.key = coalesce(c.key, a.key)
ORDER BY m.key, m.ordinal;
