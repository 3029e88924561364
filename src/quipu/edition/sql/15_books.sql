-- What the books name: codes, and the activities and organizations they stand for.
CREATE TABLE accounts AS SELECT key, kind, code, fund FROM part_accounts ORDER BY kind, code;
CREATE TABLE bodies AS SELECT code, identity, name, "group" FROM part_bodies ORDER BY code;
CREATE TABLE aliases AS SELECT identity, ordinal, name FROM part_aliases ORDER BY identity, ordinal;
CREATE TABLE agreements AS SELECT * EXCLUDE (source) FROM part_agreements ORDER BY code;
CREATE TABLE reserves AS SELECT * EXCLUDE (source) FROM part_reserves ORDER BY fund;
CREATE TABLE instalments AS SELECT * EXCLUDE (source) FROM part_instalments ORDER BY agreement, ordinal;
CREATE TABLE returns AS SELECT * EXCLUDE (source) FROM part_returns ORDER BY fund, organization, year, kind, version;
CREATE TABLE dispensations AS SELECT * EXCLUDE (source) FROM part_dispensations ORDER BY ALL;
CREATE TABLE waived_rules AS SELECT * EXCLUDE (source) FROM part_waived_rules ORDER BY ALL;
CREATE TABLE revolving AS SELECT * EXCLUDE (source) FROM part_revolving ORDER BY project, currency;
CREATE TABLE deadlines AS SELECT * EXCLUDE (source) FROM part_deadlines ORDER BY ALL;
CREATE TABLE measures AS SELECT * EXCLUDE (source) FROM part_measures ORDER BY ALL;
CREATE TABLE registers AS SELECT * EXCLUDE (source) FROM part_registers ORDER BY ALL;
CREATE TABLE registered AS SELECT * EXCLUDE (source) FROM part_registered ORDER BY ALL;
CREATE TABLE register_totals AS SELECT * EXCLUDE (source) FROM part_register_totals ORDER BY ALL;
CREATE TABLE register_counts AS SELECT * EXCLUDE (source) FROM part_register_counts ORDER BY ALL;
CREATE TABLE resources AS SELECT * EXCLUDE (source) FROM part_resources ORDER BY ALL;
CREATE TABLE lessons AS SELECT * EXCLUDE (source) FROM part_lessons ORDER BY project, code;
CREATE TABLE reviews AS SELECT * EXCLUDE (source) FROM part_reviews ORDER BY project, code;
CREATE TABLE recommendations AS SELECT * EXCLUDE (source) FROM part_recommendations ORDER BY review, number;
CREATE TABLE improvements AS SELECT * EXCLUDE (source) FROM part_improvements ORDER BY recommendation, number;
CREATE TABLE risks AS SELECT * EXCLUDE (source) FROM part_risks ORDER BY project, code;
CREATE TABLE outputs_spent AS SELECT * EXCLUDE (source) FROM part_outputs_spent ORDER BY ALL;

-- The chain, as far as it is new here.
CREATE TABLE vouchers AS SELECT source, * EXCLUDE (source) FROM part_vouchers ORDER BY position;
CREATE TABLE papers AS SELECT * EXCLUDE (source) FROM part_papers ORDER BY position, ordinal;
CREATE TABLE events AS SELECT * EXCLUDE (source) FROM part_events ORDER BY position;
CREATE TABLE remarks AS
SELECT position, ordinal, text, literal, original, original_currency, rate, adjusts, other_fund FROM part_posted
WHERE text <> '' OR literal <> '' OR original IS NOT NULL OR adjusts IS NOT NULL OR other_fund <> ''
ORDER BY position, ordinal;
