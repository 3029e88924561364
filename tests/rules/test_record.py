"""The record's shape is a promise: a change of it means a new schema number, and then this list changes too."""

from decimal import Decimal

from quipu.rules.record import SCHEMA, TABLES, columns

SHAPE = {
    "activities": "key copy publisher publisher_name identifier line version hierarchy status title language currency"
    " humanitarian secondary aid_type finance_type flow_type tied_status collaboration_type scope updated",
    "identifiers": "key copy ordinal type value",
    "texts": "key copy ordinal role type language text",
    "dates": "key copy ordinal type on text",
    "participants": "key copy ordinal role organization name type activity",
    "portions": "key copy ordinal entry dimension vocabulary code name percentage",
    "places": "key copy ordinal name administrative description",
    "budgets": "key copy ordinal movement line type status period_from period_to value literal currency value_date"
    " provider provider_name receiver receiver_name",
    "entries": "key copy ordinal entry line reference type literal_type on value literal currency value_date provider"
    " provider_name provider_activity receiver receiver_name receiver_activity text humanitarian aid_type finance_type",
    "documents": "key copy ordinal line url format categories languages on title title_language",
    "relations": "key copy ordinal type identifier",
    "readings": "key copy ordinal line result indicator kind type language title text value period_from period_to"
    " dimension evidence",
    "xml": "key copy piece line body",
    "unread": "name count",
    "findings": "ordinal line identifier rule severity detail",
    "accounts": "key copy ordinal kind code fund",
    "bodies": "code identity name group",
    "aliases": "identity ordinal name",
    "agreements": "code fund contributor title currency amount earmark",
    "reserves": "fund amount",
    "instalments": "agreement ordinal expected_on amount",
    "vouchers": "position number reference kind on recorded title origin content_hash hash",
    "posted": "position ordinal reference movement fund other_fund project organization contributor agreement category"
    " standing adjusts on value literal currency original original_currency rate reverses text",
    "papers": "position ordinal sha256 title",
    "events": "position kind on fund project organization status year until text",
    "returns": "code fund organization year kind version state by_rule due certified submitted reviewed accepted nil until"
    " reference position reason restates workbook remark",
    "dispensations": "fund organization project year duty until reason decision on",
    "waived_rules": "fund organization year rule row reason on",
    "deadlines": "fund duty month day",
    "aims": "key copy ordinal kind code parent number organization name assumptions ended",
    "indicators": "key copy ordinal code number parent kind direction gathers measure people breaks counted organization name"
    " method verification assumptions baseline baseline_on baseline_source ended",
    "result_texts": "key copy ordinal of role choice language text",
    "targets": "key copy ordinal indicator since until value reason on state",
    "observations": "key copy ordinal code indicator since until value why origin on link reported choice state approved",
    "observation_cells": "key copy ordinal observation breakdown choice value why",
    "observation_papers": "key copy ordinal observation sha256",
    "beneficiaries": "key copy ordinal until way aspect who number why origin",
    "measures": "code language title unit kind fund theme",
    "registers": "project register kind titles fields by_consent rows shown unagreed",
    "registered": "project register number ordinal field value",
    "register_totals": "project register field currency amount rows on",
    "register_counts": "project indicator since until register of_people what rows numbers",
    "resources": "project number giver giver_kind kind what amount currency promised due paid paid_on state evidence said_by",
    "lessons": "code fund project kind organization year titles texts published link document on",
    "reviews": "code fund project kind on titles texts by_whom link document",
    "recommendations": "code review project number texts organization role answer words body answered",
    "improvements": "code recommendation project number texts organization role due state done note",
    "risks": "code project kind texts likelihood impact answers state reviewed",
    "outputs_spent": "project output organization year quarter planned spent unsaid",
    "revolving": "project currency on funds capital lent times_revolved outstanding repayment_rate at_risk",
    "filed": "sha256 name format bytes type on languages version supersedes",
    "filed_texts": "sha256 role language text",
    "filed_about": "sha256 ordinal kind name",
    "operator_texts": "path body",
}
OF_BOOKS = {"bodies", "aliases", "agreements", "instalments", "reserves", "vouchers", "posted", "papers", "events"}
OF_BOOKS |= {"returns", "dispensations", "waived_rules", "deadlines"}
OF_BOOKS |= {"registers", "registered", "register_totals", "register_counts", "resources"}
OF_BOOKS |= {"lessons", "reviews", "recommendations", "improvements", "risks"}
OF_BOOKS |= {"outputs_spent"}
OF_BOOKS |= {"measures", "revolving"}
OF_DOCUMENTS = {"filed", "filed_texts", "filed_about"}
OF_SITE = {"operator_texts"}


def test_schema_2_has_these_tables_and_columns():
    assert SCHEMA == 2
    assert {table: " ".join(column.name for column in columns(table)) for table in TABLES} == SHAPE


def test_money_has_six_decimals_and_is_never_a_float():
    types = {column.name: column.type for column in columns("entries")}
    assert types["value"] == "DECIMAL(18,6)"
    assert types["on"] == types["value_date"] == "DATE"
    assert types["key"] == "BIGINT"
    every = {column.type for table in TABLES for column in columns(table)}
    assert every == {"BIGINT", "VARCHAR", "BOOLEAN", "DATE", "DECIMAL(18,6)"}


def test_every_row_of_an_activity_begins_with_its_key_and_copy():
    for table in set(TABLES) - {"unread", "findings"} - OF_BOOKS - OF_DOCUMENTS - OF_SITE:
        assert SHAPE[table].startswith("key copy ")


def test_what_the_largest_kept_amount_needs_fits_the_column():
    digits = Decimal("999999999999.999999").as_tuple().digits
    assert len(digits) == 18
