-- The lists that differ, under a number that a list has in every edition: the first 63 bits of its SHA-256.
CREATE TABLE staging.bodies AS
SELECT CAST(CAST('0x' || left(sha256(dimension || chr(29) || body), 16) AS UBIGINT) >> 1 AS BIGINT) AS list, dimension, body
FROM (SELECT DISTINCT dimension, body FROM staging.lists);
