SELECT currency, day FROM (
    SELECT currency, coalesce(value_date, "on") AS day FROM entries
    UNION
    SELECT currency, coalesce(value_date, period_from) FROM staging.budgets_in_force
    UNION
    SELECT currency, "on" FROM staging.posted
)
WHERE currency <> ''
ORDER BY ALL;
