-- The office's own documents, and which activities they are about: a code of the books goes before an identifier, that before a number.
CREATE TABLE filed AS SELECT * EXCLUDE (source) FROM part_filed ORDER BY sha256;
CREATE TABLE filed_texts AS SELECT * EXCLUDE (source) FROM part_filed_texts ORDER BY ALL;

-- The title that stands for all of its languages: in English, else in the first of them.
CREATE TABLE filed_titles AS
SELECT sha256, arg_min(language, row(language <> 'en', language)) AS language, arg_min(text, row(language <> 'en', language)) AS text
FROM filed_texts WHERE role = 'title' GROUP BY sha256 ORDER BY sha256;

CREATE TABLE filed_about AS
WITH named AS (SELECT sha256, ordinal, kind, name FROM part_filed_about),
leads AS (
    SELECT n.sha256, n.ordinal, a.key, 0 AS rank FROM named n JOIN accounts a ON a.kind = n.kind AND a.code = n.name
    UNION ALL
    SELECT n.sha256, n.ordinal, v.key, 1 FROM activities v JOIN named n ON v.identifier = n.name AND n.kind <> 'voucher'
    UNION ALL
    SELECT n.sha256, n.ordinal, i.key, 2 FROM staging.identifiers i JOIN named n ON i.value = n.name AND n.kind <> 'voucher' AND i.type LIKE 'A%'
),
best AS (SELECT DISTINCT sha256, ordinal, key FROM leads QUALIFY rank = min(rank) OVER (PARTITION BY sha256, ordinal))
SELECT n.sha256, n.ordinal, n.kind, n.name, b.key FROM named n LEFT JOIN best b USING (sha256, ordinal) ORDER BY ALL;
