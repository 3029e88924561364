-- One page record per activity: its words and its small money cube, so that a factsheet is one look-up.
-- Each section is JSON of its own: a reader parses what it shows, and the engine never holds a whole page.
-- Section after section, because one statement over all of them would need the memory of all at once.
CREATE OR REPLACE TEMP TABLE its_texts AS
SELECT key, CAST(to_json(list({'role': role, 'type': type, 'language': language, 'text': text} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.texts GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_dates AS
SELECT key, CAST(to_json(list({'type': type, 'on': CAST("on" AS VARCHAR), 'text': text} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.dates GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_participants AS
SELECT p.key, CAST(to_json(list({'role': p.role, 'organization': p.organization, 'name': CASE WHEN p.name <> '' THEN p.name ELSE coalesce(o.name, '') END, 'type': p.type,
                    'activity': p.activity} ORDER BY p.ordinal)) AS VARCHAR) AS items
FROM here.staging.participants p LEFT JOIN every.organizations o USING (organization)
GROUP BY p.key;

CREATE OR REPLACE TEMP TABLE its_portions AS
SELECT key, CAST(to_json(list({'dimension': dimension, 'vocabulary': vocabulary, 'code': code, 'name': name,
                  'percentage': percentage} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.portions WHERE entry = 0 GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_places AS
SELECT key, CAST(to_json(list({'name': name, 'description': description} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.places GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_documents AS
SELECT d.key, CAST(to_json(list({'url': d.url, 'format': d.format, 'categories': d.categories, 'languages': d.languages, 'on': d."on",
                  'title': d.title, 'title_language': d.title_language, 'line': d.line, 'sha256': d.sha256, 'titles': coalesce(t.titles, [])} ORDER BY d."on" DESC, d.ordinal, d.sha256)) AS VARCHAR) AS items
FROM here.documents d LEFT JOIN (
    SELECT sha256, list({'language': language, 'text': text} ORDER BY language) AS titles FROM every.filed_texts
    WHERE role = 'title' GROUP BY sha256
) t USING (sha256)
GROUP BY d.key;

CREATE OR REPLACE TEMP TABLE its_readings AS
SELECT key, CAST(to_json(list({'result': result, 'indicator': indicator, 'kind': kind, 'type': type, 'language': language,
                  'title': title, 'text': text, 'value': value, 'since': period_from, 'until': period_to,
                  'dimension': dimension, 'source': evidence, 'line': line} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.readings GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_results AS
WITH aims AS (SELECT key, list({'kind': kind, 'code': code, 'parent': parent, 'number': number, 'organization': organization, 'name': name,
        'assumptions': assumptions, 'ended': CAST(ended AS VARCHAR)} ORDER BY ordinal) AS items FROM here.staging.aims GROUP BY key),
indicators AS (SELECT key, list({'code': code, 'number': number, 'parent': parent, 'kind': kind, 'direction': direction, 'gathers': gathers,
        'measure': measure, 'people': people, 'breaks': breaks, 'counted': counted, 'organization': organization, 'name': name,
        'method': method, 'verification': verification, 'assumptions': assumptions, 'baseline': baseline,
        'baseline_on': CAST(baseline_on AS VARCHAR), 'baseline_source': baseline_source, 'ended': CAST(ended AS VARCHAR)} ORDER BY ordinal) AS items
    FROM here.staging.indicators GROUP BY key),
texts AS (SELECT key, list({'of': "of", 'role': role, 'choice': choice, 'language': language, 'text': text} ORDER BY ordinal) AS items
    FROM here.staging.result_texts GROUP BY key),
targets AS (SELECT key, list({'indicator': indicator, 'since': CAST(since AS VARCHAR), 'until': CAST(until AS VARCHAR), 'value': value,
        'reason': reason, 'on': CAST("on" AS VARCHAR), 'state': state} ORDER BY ordinal) AS items FROM here.staging.targets GROUP BY key),
observations AS (SELECT key, list({'code': code, 'indicator': indicator, 'since': CAST(since AS VARCHAR), 'until': CAST(until AS VARCHAR),
        'value': value, 'why': why, 'source': origin, 'on': CAST("on" AS VARCHAR), 'link': link, 'reported': reported, 'choice': choice,
        'state': state, 'approved': CAST(approved AS VARCHAR)} ORDER BY ordinal) AS items FROM here.staging.observations GROUP BY key),
cells AS (SELECT key, list({'observation': observation, 'breakdown': breakdown, 'choice': choice, 'value': value, 'why': why} ORDER BY ordinal) AS items
    FROM here.staging.observation_cells GROUP BY key),
papers AS (SELECT key, list({'observation': observation, 'sha256': sha256} ORDER BY ordinal) AS items FROM here.staging.observation_papers GROUP BY key),
people AS (SELECT key, list({'until': CAST(until AS VARCHAR), 'way': way, 'aspect': aspect, 'who': who, 'number': number, 'why': why,
        'source': origin} ORDER BY ordinal) AS items FROM here.staging.beneficiaries GROUP BY key),
keys AS (SELECT key FROM aims UNION SELECT key FROM indicators UNION SELECT key FROM people)
SELECT k.key, CAST(to_json({'aims': a.items, 'indicators': i.items, 'texts': t.items, 'targets': g.items, 'observations': o.items,
        'cells': c.items, 'papers': p.items, 'beneficiaries': b.items}) AS VARCHAR) AS items
FROM keys k LEFT JOIN aims a USING (key) LEFT JOIN indicators i USING (key) LEFT JOIN texts t USING (key) LEFT JOIN targets g USING (key)
LEFT JOIN observations o USING (key) LEFT JOIN cells c USING (key) LEFT JOIN papers p USING (key) LEFT JOIN people b USING (key);

CREATE OR REPLACE TEMP TABLE its_relations AS
SELECT r.key, CAST(to_json(list({'type': r.type, 'identifier': r.identifier, 'title': coalesce(o.title, ''),
                    'kind': coalesce(o.kind, '')} ORDER BY r.ordinal)) AS VARCHAR) AS items
FROM here.staging.relations r
LEFT JOIN staging.titles o ON o.identifier = r.identifier
GROUP BY r.key;

CREATE OR REPLACE TEMP TABLE its_others AS
SELECT key, CAST(to_json(list({'type': type, 'value': value} ORDER BY ordinal)) AS VARCHAR) AS items
FROM here.staging.identifiers GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_sums AS
SELECT key, family, movement, year, organization, currency, grouping(organization) = 0 AS by_organization,
       sum(value) AS value, sum(usd) AS usd, CAST(sum(left_out) AS BIGINT) AS left_out,
       sum(value) FILTER (standing = 'interim') AS interim, sum(usd) FILTER (standing = 'interim') AS interim_usd
FROM here.cubes
GROUP BY GROUPING SETS ((key, family, movement, currency, year), (key, family, movement, currency, organization));

-- Of activities outside a pool only the first sixty organizations are listed: some name thousands.
CREATE OR REPLACE TEMP TABLE its_money AS
WITH items AS (
    SELECT s.*, by_organization AND (k.pooled OR dense_rank() OVER (PARTITION BY key, by_organization ORDER BY organization) <= 60) AS listed,
           {'family': family, 'movement': movement, 'year': year, 'organization': organization, 'currency': currency,
            'value': CAST(value AS VARCHAR), 'usd': CAST(usd AS VARCHAR), 'left_out': left_out,
            'interim': CAST(interim AS VARCHAR), 'interim_usd': CAST(interim_usd AS VARCHAR)} AS item
    FROM its_sums s JOIN here.cuts k USING (key)
)
SELECT key, count(DISTINCT organization) AS organizations,
       CAST(to_json(list(item ORDER BY family, year, movement, currency) FILTER (NOT by_organization)) AS VARCHAR) AS by_year,
       CAST(to_json(list(item ORDER BY family, organization, movement, currency) FILTER (listed)) AS VARCHAR) AS by_organization,
       list(DISTINCT organization) FILTER (listed AND organization <> '') AS listed
FROM items GROUP BY key;

-- Only pools are cut further: by category, by contributor, and their transfers by organization and year.
CREATE OR REPLACE TEMP TABLE its_further AS
SELECT key, family, movement, year, organization, category, contributor, currency, grouping(category, contributor) AS cut,
       sum(value) AS value, sum(usd) AS usd, CAST(sum(left_out) AS BIGINT) AS left_out,
       sum(value) FILTER (standing = 'interim') AS interim, sum(usd) FILTER (standing = 'interim') AS interim_usd
FROM here.cubes SEMI JOIN (SELECT key FROM here.cuts WHERE pooled) USING (key)
GROUP BY GROUPING SETS ((key, family, movement, currency, category), (key, family, movement, currency, contributor),
    (key, family, movement, currency, organization, year));

CREATE OR REPLACE TEMP TABLE its_pool AS
WITH items AS (
    SELECT *, {'family': family, 'movement': movement, 'year': year, 'organization': organization, 'category': category,
               'contributor': contributor, 'currency': currency, 'value': CAST(value AS VARCHAR), 'usd': CAST(usd AS VARCHAR),
               'left_out': left_out, 'interim': CAST(interim AS VARCHAR), 'interim_usd': CAST(interim_usd AS VARCHAR)} AS item
    FROM its_further
)
SELECT key,
       CAST(to_json(list(item ORDER BY family, category, movement, currency) FILTER (cut = 1 AND category <> '')) AS VARCHAR) AS by_category,
       CAST(to_json(list(item ORDER BY family, contributor, movement, currency) FILTER (cut = 2 AND (contributor <> '' OR movement IN ('commitment', 'deposit')))) AS VARCHAR) AS by_contributor,
       CAST(to_json(list(item ORDER BY family, organization, year, currency) FILTER (cut = 3 AND movement = 'transfer')) AS VARCHAR) AS by_transfer,
       list(DISTINCT contributor) FILTER (contributor <> '') AS contributors
FROM items GROUP BY key;

CREATE OR REPLACE TEMP TABLE its_latest AS
SELECT l.key, CAST(to_json(list({'entry': l.entry, 'on': CAST(l."on" AS VARCHAR), 'family': l.family, 'movement': l.movement,
            'value': CAST(l.value AS VARCHAR), 'currency': l.currency, 'provider': l.provider, 'receiver': l.receiver,
            'provider_name': coalesce(p.name, ''), 'receiver_name': coalesce(r.name, ''),
            'reference': l.reference} ORDER BY l."on" DESC, l.entry DESC)) AS VARCHAR) AS items
FROM here.latest l
LEFT JOIN every.organizations p ON p.organization = l.provider
LEFT JOIN every.organizations r ON r.organization = l.receiver
GROUP BY l.key;

-- Names of the organizations in the money, for pages that list them.
CREATE OR REPLACE TEMP TABLE its_names AS
SELECT n.key, CAST(to_json(list({'organization': o.organization, 'name': o.name} ORDER BY o.organization)) AS VARCHAR) AS items
FROM (SELECT key, unnest(listed) AS organization FROM its_money UNION SELECT key, unnest(contributors) FROM its_pool) n
JOIN every.organizations o ON o.organization = n.organization
GROUP BY n.key;

CREATE TABLE pages AS
SELECT a.key, CAST(to_json({
    'key': CAST(a.key AS VARCHAR), 'publisher': a.publisher, 'publisher_name': a.publisher_name,
    'identifier': a.identifier, 'title': a.title, 'language': a.language, 'status': a.status, 'kind': a.kind,
    'fund': a.fund, 'fund_title': coalesce(f.title, ''), 'place': a.place,
    'hierarchy': a.hierarchy, 'currency': a.currency, 'humanitarian': a.humanitarian, 'secondary': a.secondary,
    'illustrative': a.key IN (SELECT key FROM staging.illustrative), 'aid_type': a.aid_type, 'finance_type': a.finance_type, 'flow_type': a.flow_type, 'tied_status': a.tied_status,
    'scope': a.scope, 'collaboration_type': a.collaboration_type, 'updated': a.updated,
    'source': s.name, 'source_number': a.source, 'line': a.line, 'version': a.version,
    'copies': (SELECT count(*) FROM copies c WHERE c.key = a.key), 'organizations': coalesce(m.organizations, 0),
    'books': s.books, 'code': coalesce(acc.code, ''), 'words_from': coalesce(w.name, ''), 'words_source': w.source
}) AS VARCHAR) AS head,
t.items AS texts, d.items AS dates, p.items AS participants, po.items AS portions, pl.items AS places,
doc.items AS documents, rd.items AS readings, rs.items AS results, r.items AS relations, o.items AS identifiers, m.by_year,
m.by_organization, p2.by_category, p2.by_contributor, p2.by_transfer, na.items AS names, l.items AS latest
FROM here.activities a
JOIN sources s USING (source)
LEFT JOIN staging.fund_titles f ON f.publisher = a.publisher AND f.fund = a.fund AND a.place = 'child'
LEFT JOIN its_texts t ON t.key = a.key LEFT JOIN its_dates d ON d.key = a.key LEFT JOIN its_participants p ON p.key = a.key
LEFT JOIN its_portions po ON po.key = a.key LEFT JOIN its_places pl ON pl.key = a.key LEFT JOIN its_documents doc ON doc.key = a.key
LEFT JOIN its_readings rd ON rd.key = a.key LEFT JOIN its_results rs ON rs.key = a.key LEFT JOIN its_relations r ON r.key = a.key LEFT JOIN its_others o ON o.key = a.key
LEFT JOIN its_money m ON m.key = a.key LEFT JOIN its_latest l ON l.key = a.key LEFT JOIN its_names na ON na.key = a.key LEFT JOIN its_pool p2 ON p2.key = a.key
LEFT JOIN accounts acc ON acc.key = a.key LEFT JOIN behind b ON b.key = a.key LEFT JOIN sources w ON w.source = b.source
ORDER BY a.key;
