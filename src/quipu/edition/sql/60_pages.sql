-- One page record per activity: its words and its small money cube, so that a factsheet is one look-up.
-- Each section is JSON of its own: a reader parses what it shows, and the engine never holds a whole page.
-- Section after section, because one statement over all of them would need the memory of all at once.
CREATE OR REPLACE TEMP TABLE its_facts AS
SELECT subject, entry, ordinal, "on", year, family, movement, value, currency, usd, reference, provider, receiver,
       participating_organization
FROM (SELECT * FROM here.all_facts WHERE subject = key
      UNION ALL SELECT * FROM staging.moved WHERE subject BETWEEN $low AND $high);

CREATE OR REPLACE TEMP TABLE its_texts AS
SELECT key, CAST(to_json(list({'role': role, 'type': type, 'language': language, 'text': text} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.texts GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_dates AS
SELECT key, CAST(to_json(list({'type': type, 'on': CAST("on" AS VARCHAR), 'text': text} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.dates GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_participants AS
SELECT p.key, CAST(to_json(list({'role': p.role, 'organization': p.organization, 'name': CASE WHEN p.name <> '' THEN p.name ELSE coalesce(o.name, '') END, 'type': p.type,
                    'activity': p.activity} ORDER BY p.ordinal)) AS VARCHAR) AS items
FROM here.staging.participants p LEFT JOIN organizations o USING (organization)
GROUP BY p.key;

CREATE OR REPLACE TEMP TABLE its_portions AS
SELECT key, CAST(to_json(list({'dimension': dimension, 'vocabulary': vocabulary, 'code': code, 'name': name,
                  'percentage': percentage} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.portions WHERE entry = 0 GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_places AS
SELECT key, CAST(to_json(list({'name': name, 'description': description} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.places GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_documents AS
SELECT key, CAST(to_json(list({'url': url, 'format': format, 'categories': categories, 'languages': languages, 'on': "on",
                  'title': title, 'line': line} ORDER BY "on" DESC, ordinal)) AS VARCHAR) AS items
FROM here.staging.documents GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_readings AS
SELECT key, CAST(to_json(list({'result': result, 'indicator': indicator, 'kind': kind, 'type': type, 'language': language,
                  'title': title, 'text': text, 'value': value, 'since': period_from, 'until': period_to,
                  'dimension': dimension, 'source': evidence, 'line': line} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.readings GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_relations AS
SELECT r.key, CAST(to_json(list({'type': r.type, 'identifier': r.identifier, 'title': coalesce(o.title, ''),
                    'kind': coalesce(o.kind, '')} ORDER BY r.ordinal)) AS VARCHAR) AS items
FROM here.staging.relations r
LEFT JOIN staging.titles o ON o.identifier = r.identifier
GROUP BY r.key;

CREATE OR REPLACE TEMP TABLE its_others AS
SELECT key, CAST(to_json(list({'type': type, 'value': value} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.identifiers GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_cube AS
SELECT subject AS key, family, movement, year, currency, participating_organization AS organization,
       sum(value) AS value, sum(usd) AS usd, count(*) AS entries, count(*) FILTER (usd IS NULL) AS left_out
FROM its_facts GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE its_by_year AS
SELECT key, CAST(to_json(list({'family': family, 'movement': movement, 'year': year, 'currency': currency,
                  'value': CAST(value AS VARCHAR), 'usd': CAST(usd AS VARCHAR), 'entries': entries,
                  'left_out': left_out} ORDER BY family, movement, year, currency)) AS VARCHAR) AS items
FROM (SELECT key, family, movement, year, currency, sum(value) AS value, sum(usd) AS usd,
             CAST(sum(entries) AS BIGINT) AS entries, CAST(sum(left_out) AS BIGINT) AS left_out FROM its_cube GROUP BY ALL)
GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_by_organization AS
SELECT key, count(DISTINCT organization) AS organizations,
       CAST(to_json(list({'family': family, 'movement': movement, 'organization': organization, 'name': name, 'currency': currency,
             'value': CAST(value AS VARCHAR), 'usd': CAST(usd AS VARCHAR), 'entries': entries,
             'left_out': left_out} ORDER BY family, organization, movement, currency) FILTER (place <= 60)) AS VARCHAR) AS items
FROM (SELECT c.key, c.family, c.movement, c.organization, coalesce(o.name, '') AS name, c.currency,
             sum(c.value) AS value, sum(c.usd) AS usd,
             CAST(sum(c.entries) AS BIGINT) AS entries, CAST(sum(c.left_out) AS BIGINT) AS left_out,
             any_value(c.place) AS place
      FROM (SELECT *, dense_rank() OVER (PARTITION BY key ORDER BY organization) AS place FROM its_cube) c
      LEFT JOIN organizations o ON o.organization = c.organization
      GROUP BY c.key, c.family, c.movement, c.organization, coalesce(o.name, ''), c.currency)
GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_latest AS
SELECT f.subject AS key, CAST(to_json(list({'entry': f.entry, 'on': CAST(f."on" AS VARCHAR), 'family': f.family, 'movement': f.movement,
            'value': CAST(f.value AS VARCHAR), 'currency': f.currency, 'provider': f.provider, 'receiver': f.receiver,
            'provider_name': coalesce(p.name, ''), 'receiver_name': coalesce(r.name, ''),
            'reference': f.reference} ORDER BY f."on" DESC, f.entry)) AS VARCHAR) AS items
FROM (SELECT * FROM its_facts WHERE ordinal > 0
        -- a fund's vouchers are payments; the fund's own entry stands beside one seen from below
        AND NOT ends_with(movement, '_seen_from_below') AND NOT (family = 'pooled' AND movement = 'expenditure')
      QUALIFY row_number() OVER (PARTITION BY subject ORDER BY "on" DESC, entry) <= 12) f
LEFT JOIN organizations p ON p.organization = f.provider
LEFT JOIN organizations r ON r.organization = f.receiver
GROUP BY f.subject;

CREATE TABLE pages AS
SELECT a.key, CAST(to_json({
    'key': CAST(a.key AS VARCHAR), 'publisher': a.publisher, 'publisher_name': a.publisher_name,
    'identifier': a.identifier, 'title': a.title, 'language': a.language, 'status': a.status, 'kind': a.kind,
    'fund': a.fund, 'fund_title': coalesce(f.title, ''), 'place': a.place,
    'hierarchy': a.hierarchy, 'currency': a.currency, 'humanitarian': a.humanitarian, 'secondary': a.secondary,
    'illustrative': a.key IN (SELECT key FROM staging.illustrative), 'aid_type': a.aid_type, 'finance_type': a.finance_type, 'flow_type': a.flow_type, 'tied_status': a.tied_status,
    'scope': a.scope, 'collaboration_type': a.collaboration_type, 'updated': a.updated,
    'source': s.name, 'source_number': a.source, 'line': a.line, 'version': a.version,
    'copies': (SELECT count(*) FROM copies c WHERE c.key = a.key), 'organizations': coalesce(org.organizations, 0)
}) AS VARCHAR) AS head,
t.items AS texts, d.items AS dates, p.items AS participants, po.items AS portions, pl.items AS places,
doc.items AS documents, rd.items AS readings, r.items AS relations, o.items AS identifiers, y.items AS by_year,
org.items AS by_organization, l.items AS latest
FROM here.activities a
JOIN sources s USING (source)
LEFT JOIN staging.fund_titles f ON f.publisher = a.publisher AND f.fund = a.fund AND a.place = 'child'
LEFT JOIN its_texts t ON t.key = a.key LEFT JOIN its_dates d ON d.key = a.key LEFT JOIN its_participants p ON p.key = a.key
LEFT JOIN its_portions po ON po.key = a.key LEFT JOIN its_places pl ON pl.key = a.key LEFT JOIN its_documents doc ON doc.key = a.key
LEFT JOIN its_readings rd ON rd.key = a.key LEFT JOIN its_relations r ON r.key = a.key LEFT JOIN its_others o ON o.key = a.key
LEFT JOIN its_by_year y ON y.key = a.key LEFT JOIN its_by_organization org ON org.key = a.key LEFT JOIN its_latest l ON l.key = a.key
ORDER BY a.key;
