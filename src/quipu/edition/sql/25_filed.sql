-- Which activities the office's own documents are about: a code of the books goes before an identifier, that before a number.
CREATE TABLE filed_about AS
WITH named AS (SELECT * FROM staging.filed_names),
leads AS (
    SELECT n.sha256, n.ordinal, a.key, 0 AS rank FROM named n JOIN accounts a ON a.kind = n.kind AND a.code = n.name
    UNION ALL
    SELECT n.sha256, n.ordinal, v.key, 1 FROM activities v JOIN named n ON v.identifier = n.name AND n.kind <> 'voucher'
    UNION ALL
    SELECT n.sha256, n.ordinal, i.key, 2 FROM staging.identifiers i JOIN named n ON i.value = n.name AND n.kind <> 'voucher' AND i.type LIKE 'A%'
),
best AS (SELECT DISTINCT sha256, ordinal, key FROM leads QUALIFY rank = min(rank) OVER (PARTITION BY sha256, ordinal))
SELECT n.sha256, n.ordinal, n.kind, n.name, b.key FROM named n LEFT JOIN best b USING (sha256, ordinal) ORDER BY ALL;
