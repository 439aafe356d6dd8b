"""The Flask application, put together from services that somebody else built."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from api import openapi, problems
from api.camunda import routes
from api.camunda.operations import camunda
from api.json_provider import ExactJson
from api.resources import (
    absences,
    advice,
    aid_lists,
    applications,
    batches,
    benefits,
    calendar,
    cases,
    channels,
    circulars,
    clock,
    comments,
    conference,
    decision_examples,
    decision_replays,
    distribution,
    document_templates,
    documents,
    evidence,
    figures,
    heat_map,
    history,
    incidents,
    list_filters,
    load,
    mail,
    messages,
    migrations,
    money,
    orders,
    packages,
    parameters,
    payments,
    playing,
    procedure,
    process_instances,
    referrals,
    register,
    relief,
    repairs,
    running,
    session,
    spot_checks,
    supervision,
    tasks,
    units,
    verification,
    winter,
    workbench,
)
from api.resources.blueprint import api
from api.routing import LateRule
from api.services import Services
from web import assets, authentication, compression, pages
from web.services import EXTENSION
from web.sessions import RememberedSessions

ROUTES = (
    absences,
    advice,
    aid_lists,
    applications,
    batches,
    benefits,
    calendar,
    cases,
    channels,
    circulars,
    clock,
    comments,
    conference,
    decision_examples,
    decision_replays,
    document_templates,
    distribution,
    documents,
    evidence,
    figures,
    heat_map,
    history,
    incidents,
    list_filters,
    mail,
    load,
    messages,
    migrations,
    money,
    orders,
    parameters,
    packages,
    payments,
    playing,
    procedure,
    process_instances,
    referrals,
    register,
    relief,
    repairs,
    running,
    session,
    spot_checks,
    supervision,
    tasks,
    units,
    verification,
    winter,
    workbench,
    *routes.ROOMS,
)  # imported for the routes they declare
MAX_BODY = 2 * 1024 * 1024


def create_app(services: Services) -> Flask:
    """Return the application: pages, API, and what both share."""
    app = Flask("web", static_folder=assets.STATIC, static_url_path=assets.STATIC_URL)
    app.url_rule_class = LateRule
    app.config.update(
        SECRET_KEY=services.settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_NAME="relief_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=16),
    )
    app.json = ExactJson(app)
    app.session_interface = RememberedSessions()
    app.extensions[EXTENSION] = services
    services.watch.init_app(app, trusted_proxies=services.settings.trusted_proxies)
    compression.init_app(app)
    pages.init_app(app)
    authentication.init_app(app)
    app.register_blueprint(api)
    app.register_blueprint(camunda)
    openapi.init_app(app)
    problems.init_app(app)
    return app
