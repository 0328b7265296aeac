"""The people of one's scope: roles, invitations, delegations."""
