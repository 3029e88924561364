-- Which copy of an activity counts: the later last-updated-datetime, then the later generated-datetime, then the later path; the hash of the file where two have one name.
CREATE TABLE winners AS
SELECT key, source, copy
FROM part_activities a JOIN sources s USING (source)
QUALIFY row_number() OVER (
    PARTITION BY key
    ORDER BY try_cast(a.updated AS TIMESTAMPTZ) DESC NULLS LAST,
             try_cast(s.generated AS TIMESTAMPTZ) DESC NULLS LAST,
             s.name DESC, s.sha256 DESC, copy DESC, source
) = 1;

-- The others stay, listed and in no total.
CREATE TABLE copies AS
SELECT a.key, a.source, a.copy, a.line, a.publisher, a.identifier, a.updated
FROM part_activities a ANTI JOIN winners w USING (source, copy)
ORDER BY a.key, a.source, a.copy;
