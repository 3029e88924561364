-- The office's own documents with their texts, and what they say they are about.
CREATE TABLE filed AS SELECT * EXCLUDE (source) FROM part_filed ORDER BY sha256;
CREATE TABLE filed_texts AS SELECT * EXCLUDE (source) FROM part_filed_texts ORDER BY ALL;

-- The title that stands for all of its languages: in English, else in the first of them.
CREATE TABLE filed_titles AS
SELECT sha256, arg_min(language, row(language <> 'en', language)) AS language, arg_min(text, row(language <> 'en', language)) AS text
FROM filed_texts WHERE role = 'title' GROUP BY sha256 ORDER BY sha256;

CREATE TABLE staging.filed_names AS SELECT sha256, ordinal, kind, name FROM part_filed_about;
