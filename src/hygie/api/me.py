"""Who calls, and what they may do where."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.places import NodeRef, ref_of
from hygie.domain.people.principal import Principal
from hygie.domain.people.queries import grants_in_force
from hygie.domain.people.roles import GRANTED, Permission
from hygie.vocabulary.enums import Role

router = Router(tags=["me"])


class RoleOut(Schema):
    """A role held on a place and below."""

    role: Role
    node: NodeRef


class TokenOut(Schema):
    """What the token of this call allows: the account's roles, narrowed."""

    prefix: str
    node_id: int


class MeOut(Schema):
    """An account."""

    id: int
    email: str
    name: str
    roles: list[RoleOut]
    permissions: list[Permission] = Field(description="What this call may do, somewhere.")
    token: TokenOut | None


@router.get("/me", response=MeOut)
def read_me(request: HttpRequest) -> MeOut:
    """Tell who calls, their roles in force and what this session or token may do."""
    caller: object = request.auth  # type: ignore[attr-defined]  # set by ninja
    token = caller if isinstance(caller, Principal) else None
    user = token.user if token else asker(request)
    grants = list(grants_in_force(user, on=timezone.localdate()))
    held = frozenset[Permission]().union(*(GRANTED[Role(grant.role)] for grant in grants))
    return MeOut(
        id=user.pk,
        email=user.email,
        name=user.name,
        roles=[RoleOut(role=Role(grant.role), node=ref_of(grant.node)) for grant in grants],
        permissions=sorted(held & token.permissions if token else held),
        token=TokenOut(prefix=token.prefix, node_id=token.node_id) if token else None,
    )
