"""The functions that PostgreSQL's policies call: who asks, and where they may do what.

They say again, in SQL and from the same tables, what ``people.scope`` says: the second line must
not trust the first. Roles are the rows of ``hygie_scope.granted``, written from ``people.roles``.
They run as the owner of the tables, so that policies on the tables they read cannot call them.
"""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "hygie_scope"

TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS hygie_scope;
GRANT USAGE ON SCHEMA hygie_scope TO PUBLIC;
CREATE TABLE IF NOT EXISTS hygie_scope.seal_key (
    inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
CREATE TABLE IF NOT EXISTS hygie_scope.granted (
    role text NOT NULL, permission text NOT NULL, PRIMARY KEY (role, permission));
CREATE TABLE IF NOT EXISTS hygie_scope.application (name text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS hygie_scope.version (digest text NOT NULL);
CREATE TABLE IF NOT EXISTS hygie_scope.reach (
    id integer PRIMARY KEY CHECK (id = 1), settled_on date, is_stale boolean NOT NULL);
INSERT INTO hygie_scope.reach VALUES (1, NULL, false) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS hygie_scope.loose (node_id bigint PRIMARY KEY);
"""
"""``application``: the roles as which Hygie connects; ``version``: what is installed; ``reach``
and ``loose``: see ``_REACH``."""

_HEARD: Final = """
CREATE OR REPLACE FUNCTION hygie_scope.heard(OUT kind text, OUT subject text)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog AS $$
DECLARE
    said text[] := string_to_array(coalesce(current_setting('hygie.scope', true), ''), '|');
    known hygie_scope.seal_key;
BEGIN
    kind := 'nobody';
    IF array_length(said, 1) = 4 AND said[3] = pg_backend_pid()::text THEN
        SELECT * INTO known FROM hygie_scope.seal_key;
        IF said[4] = encode(sha256(known.outer_pad || sha256(known.inner_pad || convert_to(
            concat_ws('|', said[1], said[2], said[3]), 'UTF8'))), 'hex') THEN
            kind := said[1];
            subject := said[2];
        END IF;
    END IF;
END $$;
"""

_WHO: Final = """
CREATE OR REPLACE FUNCTION hygie_scope.system() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
BEGIN RETURN (hygie_scope.heard()).kind = 'system'; END $$;

CREATE OR REPLACE FUNCTION hygie_scope.somebody() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
BEGIN RETURN (hygie_scope.heard()).kind <> 'nobody'; END $$;

CREATE OR REPLACE FUNCTION hygie_scope.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (now() AT TIME ZONE '{time_zone}')::date $$;

CREATE OR REPLACE FUNCTION hygie_scope.account() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
DECLARE said record;
BEGIN
    SELECT * INTO said FROM hygie_scope.heard();
    IF said.kind = 'person' THEN RETURN said.subject::bigint; END IF;
    RETURN (SELECT token.user_id FROM people_apitoken token WHERE said.kind = 'token'
        AND token.prefix = said.subject AND token.revoked_at IS NULL AND token.expires_at > now());
END $$;
"""

_HELD: Final = """
CREATE OR REPLACE FUNCTION hygie_scope.held(who bigint, wanted text[], delegated boolean)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = {tables}, pg_temp AS $$
DECLARE day date := hygie_scope.today();
BEGIN
    RETURN QUERY WITH own AS MATERIALIZED (
        SELECT held.role, held.node_id FROM people_grant held
        JOIN people_user account ON account.id = held.user_id AND account.is_active
        WHERE held.user_id = who AND held.valid_from <= day AND held.valid_to > day)
    SELECT own.node_id FROM own WHERE EXISTS (
        SELECT 1 FROM hygie_scope.granted may
        WHERE may.role = own.role AND may.permission = ANY (wanted))
    UNION
    SELECT delegation.node_id FROM people_delegation delegation
    WHERE delegated
    AND delegation.accepted_at IS NOT NULL AND delegation.revoked_at IS NULL
    AND delegation.valid_from <= day AND delegation.valid_to > day
    AND EXISTS (SELECT 1 FROM people_delegatedpermission one
        WHERE one.delegation_id = delegation.id AND one.permission = ANY (wanted))
    AND (delegation.to_user_id = who AND EXISTS (
            SELECT 1 FROM own JOIN hygie_scope.granted may ON may.role = own.role
            WHERE may.permission = 'delegation.propose')
        OR EXISTS (SELECT 1 FROM own
            WHERE own.role = delegation.to_role AND own.node_id = delegation.to_node_id));
END $$;
REVOKE ALL ON FUNCTION hygie_scope.held(bigint, text[], boolean) FROM PUBLIC;

CREATE OR REPLACE FUNCTION hygie_scope.below(held bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = {tables}, pg_temp AS $$
DECLARE day date := hygie_scope.today();
BEGIN
    RETURN QUERY SELECT path.descendant_id FROM territory_closure path
    WHERE path.ancestor_id = ANY (held) AND path.valid_from <= day AND path.valid_to > day;
END $$;
"""

_REACH: Final = """
CREATE OR REPLACE FUNCTION hygie_scope.unsettle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE hygie_scope.reach SET settled_on = NULL, is_stale = true WHERE NOT is_stale;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION hygie_scope.settle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {tables}, pg_temp AS $$
DECLARE day date := hygie_scope.today();
BEGIN
    UPDATE hygie_scope.reach SET is_stale = false;
    IF (SELECT count(*) FROM territory_node WHERE kind = 'nation') <> 1 THEN RETURN NULL; END IF;
    DELETE FROM hygie_scope.loose;
    INSERT INTO hygie_scope.loose SELECT node.id FROM territory_node node WHERE NOT EXISTS (
        SELECT 1 FROM territory_closure path
        JOIN territory_node top ON top.id = path.ancestor_id AND top.kind = 'nation'
        WHERE path.descendant_id = node.id
        AND path.valid_from <= day AND path.valid_to = '9999-12-31');
    UPDATE hygie_scope.reach SET settled_on = day;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS hygie_unsettle ON territory_closure;
CREATE TRIGGER hygie_unsettle AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territory_closure
    FOR EACH STATEMENT EXECUTE FUNCTION hygie_scope.unsettle();
DROP TRIGGER IF EXISTS hygie_unsettle ON territory_node;
CREATE TRIGGER hygie_unsettle AFTER INSERT OR UPDATE OF kind OR DELETE OR TRUNCATE
    ON territory_node FOR EACH STATEMENT EXECUTE FUNCTION hygie_scope.unsettle();
DROP TRIGGER IF EXISTS hygie_settle ON hygie_scope.reach;
CREATE CONSTRAINT TRIGGER hygie_settle AFTER UPDATE ON hygie_scope.reach
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_stale)
    EXECUTE FUNCTION hygie_scope.settle();
UPDATE hygie_scope.reach SET settled_on = NULL, is_stale = true;

CREATE OR REPLACE FUNCTION hygie_scope.outside(wanted text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
DECLARE day date := hygie_scope.today(); held bigint[] := hygie_scope.places(wanted);
BEGIN
    RETURN QUERY SELECT loose.node_id FROM hygie_scope.loose WHERE NOT EXISTS (
        SELECT 1 FROM territory_closure path WHERE path.descendant_id = loose.node_id
        AND path.ancestor_id = ANY (held) AND path.valid_from <= day AND path.valid_to > day);
END $$;
"""
"""Who holds the nation reads nearly every row: they are told which places are *not* theirs.

``loose`` holds the places that do not lie under the nation from ``settled_on`` for ever, such as
those that closed: only these are looked up. Any change of the tree unsettles it, and the end of
that transaction settles it again, once; meanwhile places are gathered as for anybody.
"""

_WHERE: Final = """
CREATE OR REPLACE FUNCTION hygie_scope.places(wanted text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
DECLARE said record;
BEGIN
    SELECT * INTO said FROM hygie_scope.heard();
    IF said.kind <> 'person' THEN RETURN '{{}}'; END IF;
    RETURN ARRAY(SELECT hygie_scope.held(said.subject::bigint, wanted, true));
END $$;

CREATE OR REPLACE FUNCTION hygie_scope.breadth(wanted text[]) RETURNS smallint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
DECLARE said record; held bigint[];
BEGIN
    SELECT * INTO said FROM hygie_scope.heard();
    IF said.kind = 'system' THEN RETURN 3; END IF;
    IF said.kind = 'token' THEN RETURN 1; END IF;
    IF said.kind <> 'person' THEN RETURN 0; END IF;
    held := ARRAY(SELECT hygie_scope.held(said.subject::bigint, wanted, true));
    IF EXISTS (SELECT 1 FROM territory_node WHERE id = ANY (held) AND kind = 'nation')
        AND EXISTS (SELECT 1 FROM hygie_scope.reach WHERE settled_on <= hygie_scope.today()) THEN
        RETURN 2;
    END IF;
    RETURN CASE WHEN held = '{{}}' THEN 0 ELSE 1 END;
END $$;

CREATE OR REPLACE FUNCTION hygie_scope.nodes(wanted text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
DECLARE said record; token record;
BEGIN
    SELECT * INTO said FROM hygie_scope.heard();
    IF said.kind = 'person' THEN
        RETURN QUERY SELECT hygie_scope.below(hygie_scope.places(wanted));
    ELSIF said.kind = 'token' THEN
        SELECT * INTO token FROM people_apitoken
        WHERE prefix = said.subject AND revoked_at IS NULL AND expires_at > now();
        wanted := ARRAY(SELECT unnest(wanted)
            INTERSECT SELECT jsonb_array_elements_text(token.permissions));
        RETURN QUERY SELECT hygie_scope.below(
            ARRAY(SELECT hygie_scope.held(token.user_id, wanted, false)))
            INTERSECT SELECT hygie_scope.below(ARRAY[token.node_id]);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hygie_scope.over_nation(wanted text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = {tables}, pg_temp AS $$
BEGIN
    RETURN hygie_scope.system() OR EXISTS (
        SELECT 1 FROM hygie_scope.nodes(wanted) held JOIN territory_node node ON node.id = held
        WHERE node.kind = 'nation');
END $$;
"""


def definitions(tables: str, *, time_zone: str) -> str:
    """Return the statements that make the functions.

    Args:
        tables: the schema of our tables, quoted.
        time_zone: where the day begins at midnight.
    """
    words = {"tables": f"pg_catalog, {tables}", "time_zone": time_zone.replace("'", "")}
    return _HEARD + "".join(part.format(**words) for part in (_WHO, _HELD, _WHERE, _REACH))
