"""Addresses of the API; each passes the gate, and what is not there is a problem too."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from hygie.api.gate import gated, not_found
from hygie.api.service import api

_operations, _app_name, _namespace = api.urls
for _operation in _operations:
    if isinstance(_operation, URLPattern):
        _operation.callback = gated(_operation.callback)

urlpatterns = [
    path("v1/", include((_operations, _app_name), namespace=_namespace)),
    re_path("", gated(not_found), name="api-nowhere"),
]
