"""The triggers that keep the audit log from being changed; the same rule in the words of each database.

An entry may lose the id of who decided, and it may be anonymised, which it then says of itself. Nothing else about it
changes, and only one that was anonymised down to an empty reason can be deleted. What the program does, or a mistake of
its authors, the log stays as it was; whoever owns the database can do as they please, which no trigger prevents.
"""

KEPT = ("id", "at", "action", "subject_kind", "acting_id")
"""Columns that never change."""
REFUSAL = "the audit log is only added to"


def _allowed(same: str) -> str:
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in KEPT)
    person = f"(NEW.by_person_id {same} OLD.by_person_id OR NEW.by_person_id IS NULL)"
    unchanged = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in ("reason", "subject_id", "anonymised"))
    anonymised = f"(NEW.anonymised AND (NEW.subject_id {same} OLD.subject_id OR NEW.subject_id = 0))"
    return f"{kept} AND {person} AND (({unchanged}) OR {anonymised})"


SQLITE_UP = (
    f"""CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit WHEN NOT ({_allowed("IS")})
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit WHEN NOT (OLD.anonymised AND OLD.reason = '')
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
SQLITE_DOWN = ("DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_undeleted")
POSTGRES_UP = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (NOT ({_allowed("IS NOT DISTINCT FROM")})) EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit FOR EACH ROW
    WHEN (NOT (OLD.anonymised AND OLD.reason = '')) EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_untruncated BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
POSTGRES_DOWN = (
    "DROP TRIGGER audit_untruncated ON audit",
    "DROP TRIGGER audit_undeleted ON audit",
    "DROP TRIGGER audit_unchanged ON audit",
    "DROP FUNCTION audit_refuse()",
)
