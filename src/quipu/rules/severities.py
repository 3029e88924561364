"""Severities: how grave the breach of a rule is, and what a rule says."""

from dataclasses import dataclass

CRITICAL, ERROR, WARNING, NOTE = "critical", "error", "warning", "note"
SEVERITIES = (CRITICAL, ERROR, WARNING, NOTE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that somebody can break. Critical: a file stops there; error: something is left out, or refused."""

    severity: str
    sentence: str  # what happened and what to do
