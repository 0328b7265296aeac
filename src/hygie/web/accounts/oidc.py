"""OpenID Connect as our providers want it: nonce, signed answers, one subject throughout.

allauth's provider leaves out what ProConnect requires (a nonce, an answer of the userinfo
endpoint signed as a JWT) and what OpenID Connect Core 5.3.2 asks of every client: the subject of
the userinfo must be that of the ID token. Signatures are always verified.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin, SocialToken
    from django.http import HttpRequest, HttpResponse

_NONCE_BYTES: Final = 32
_ANSWER_MAX_BYTES: Final = 256 * 1024
_SIGNED: Final = "application/jwt"


class CarefulAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth is untyped
    """Read what the provider answers; refuse what does not hold together."""

    nonce: str | None = None

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        **kwargs: Any,  # noqa: ANN401 - allauth's signature
    ) -> SocialLogin:
        """Return the person that the ID token and the userinfo both name.

        Raises:
            OAuth2Error: if a signature, the nonce or the subject is not the expected one.
        """
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no id_token in the answer")
        claims = self._decode(app, id_token)
        if not self.nonce or claims.get("nonce") != self.nonce:
            raise OAuth2Error("the nonce is not the one sent")
        userinfo = self._userinfo(app, token.token)
        if userinfo.get("sub") != claims.get("sub"):
            raise OAuth2Error("userinfo and id_token name two people")
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": userinfo, "id_token": claims}
        )

    def _userinfo(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
            answer.raise_for_status()
        if len(answer.content) > _ANSWER_MAX_BYTES:
            raise OAuth2Error("the userinfo is too large")
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() == _SIGNED:
            return self._decode(app, answer.text)
        try:
            found = answer.json()
        except ValueError as error:
            raise OAuth2Error("the userinfo is not JSON") from error
        if not isinstance(found, dict):
            raise OAuth2Error("the userinfo is not an object")
        return found

    def _decode(self, app: SocialApp, signed: str) -> dict[str, Any]:
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=signed,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return found


class CarefulProvider(OpenIDConnectProvider):  # type: ignore[misc] # allauth is untyped
    """Send a nonce, and take nothing from the address of the sign-in button."""

    oauth2_adapter_class = CarefulAdapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: object = None,
        **kwargs: Any,  # noqa: ANN401 - allauth's signature
    ) -> HttpResponse:
        """Lead to the provider; the nonce waits in the session, with the state."""
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, nonce=nonce, **kwargs
        )
        return answer


class _CallbackView(OAuth2CallbackView):  # type: ignore[misc] # allauth is untyped
    adapter: CarefulAdapter

    def _get_state(
        self, request: HttpRequest, provider: CarefulProvider
    ) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce")
        return state, answer


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return _view(_CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:  # noqa: ANN401 - allauth's classes
    try:
        answer: HttpResponse = view.adapter_view(CarefulAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
