"""Django's settings, from the environment; nothing else reads it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from hygie.config.environment import database_settings, read_environment
from hygie.config.identity import (
    directory_backend,
    form_origins,
    ldap_settings,
    read_identity,
    social_providers,
)
from hygie.config.logs.wiring import logging_settings
from hygie.config.operating import read_operating

ENVIRONMENT = read_environment()
IDENTITY = read_identity()
OPERATING = read_operating()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
HYGIE_HOME = ENVIRONMENT.home
HYGIE_DEMO = ENVIRONMENT.demo
HYGIE_CONTACT = ENVIRONMENT.contact
HYGIE_OPERATOR = ENVIRONMENT.operator
HYGIE_FETCH = ENVIRONMENT.fetches
HYGIE_METRICS_TOKEN = OPERATING.metrics_token
HYGIE_METRICS_ALLOWED = OPERATING.metrics_allowed
HYGIE_SECURITY_CONTACT = OPERATING.security_contact
HYGIE_SECURITY_POLICY = OPERATING.security_policy
HYGIE_PROBES_PER_SECOND = OPERATING.probes_per_second
HYGIE_REGION_DELAY_HOURS = OPERATING.region_delay_h
HYGIE_TIMESTAMP_URL = OPERATING.timestamp_url
HYGIE_TIMESTAMP_CA = OPERATING.timestamp_ca
HYGIE_REGIMES_IN_FORCE = OPERATING.regimes_in_force

INSTALLED_APPS = [
    "hygie.domain.journal",
    "hygie.domain.territory",
    "hygie.domain.people",
    "hygie.domain.outbox",
    "hygie.domain.estate",
    "hygie.domain.findings",
    "hygie.domain.surveillance",
    "hygie.domain.veille",
    "hygie.domain.rounds",
    "hygie.domain.incidents",
    "hygie.domain.observatory",
    "hygie.web",
    "hygie.api",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "dsfr",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "hygie.web.health.watching.WatchingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hygie.web.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hygie.web.middleware.RowScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hygie.web.accounts.presence.PresenceMiddleware",
    "hygie.web.accounts.second_factor.SecondFactorMiddleware",
    "hygie.web.breadth.BreadthMiddleware",
]

ROOT_URLCONF = "hygie.config.urls"
WSGI_APPLICATION = "hygie.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hygie.web.context.site",
            ],
        },
    },
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Its tables and functions are PostgreSQL's own; on SQLite there is no queue to keep.
    INSTALLED_APPS.append("procrastinate.contrib.django")
PROCRASTINATE_IMPORT_PATHS = ["hygie.jobs.tasks"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    *directory_backend(IDENTITY.directory),
]
if IDENTITY.directory:
    globals().update(ldap_settings(IDENTITY.directory))
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "hygie.web.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Counted in the cache, by address and by account; what is not here has allauth's own limit.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "invitation": "30/m/ip",
}
MFA_ADAPTER = "hygie.web.accounts.second_factor.SealedMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Hygie"
# An invitation proves the address; there is no open sign-up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "hygie.web.accounts.social.LinkingAdapter"
SOCIALACCOUNT_PROVIDERS = social_providers(IDENTITY)
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False

# Shared by the processes of one machine: sign-in limits must not multiply with the workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(ENVIRONMENT.home / "cache"),
    },
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(ENVIRONMENT.home / "files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_MARK_OPTIONAL_FIELDS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF, *form_origins(IDENTITY)],
        "frame-ancestors": ["'none'"],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Over TLS browsers keep a cookie so named from this host alone, for the whole site (RFC 6265bis):
# a neighbour under the same domain, or somebody on the network, cannot slip one in.
_HOST_ONLY = "__Host-" if ENVIRONMENT.https else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}hygie_session"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}hygie_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hygie.web.pages.errors.forged"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^sante/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Calls of one account or token to the API, and bytes of a document sent to it.
API_CALLS_PER_MINUTE = 600
API_MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

_mail = urlsplit(ENVIRONMENT.email_url)
if _mail.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname
    EMAIL_PORT = _mail.port or 587
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(ENVIRONMENT.home / "mail")
DEFAULT_FROM_EMAIL = ENVIRONMENT.contact

LOGGING = logging_settings(
    form=OPERATING.log_form,
    level=OPERATING.log_level,
    syslog_url=OPERATING.syslog_url,
    secrets=(
        SECRET_KEY,
        str(DATABASES["default"].get("PASSWORD", "")),
        unquote(_mail.password or ""),
        OPERATING.metrics_token,
        *IDENTITY.secrets,
    ),
)
