"""The pages people work on: one blueprint a noun, a template each; they ask and command, and decide nothing."""

from __future__ import annotations

from flask import Flask

from web import labels, shell
from web.pages import (
    absences,
    advice,
    applications,
    bulk_completion,
    calendar,
    cases,
    circulars,
    comments,
    conference,
    corrections,
    definitions,
    distribution,
    documents,
    duplicates,
    evidence,
    figures,
    hand_overs,
    heat_map,
    housing,
    incidents,
    kin,
    list_settings,
    load,
    mail,
    money,
    notices,
    online_entries,
    orders,
    parameters,
    payments,
    photos,
    privacy,
    process_instances,
    profile,
    public,
    pulse,
    referring,
    register,
    repairs,
    session,
    spot_checks,
    supervision,
    tasks,
    templates,
    verification,
    workbench,
)
from web.pages.frame import frame
from workflows.rules.masks import masked_name

BLUEPRINTS = (
    session.blueprint,
    tasks.blueprint,
    pulse.blueprint,
    bulk_completion.blueprint,
    hand_overs.blueprint,
    list_settings.blueprint,
    absences.blueprint,
    cases.blueprint,
    comments.blueprint,
    supervision.blueprint,
    incidents.blueprint,
    load.blueprint,
    distribution.blueprint,
    orders.blueprint,
    spot_checks.blueprint,
    circulars.blueprint,
    conference.blueprint,
    notices.blueprint,
    applications.blueprint,
    definitions.blueprint,
    workbench.blueprint,
    profile.blueprint,
    mail.blueprint,
    documents.blueprint,
    evidence.blueprint,
    advice.blueprint,
    photos.blueprint,
    figures.blueprint,
    heat_map.blueprint,
    process_instances.blueprint,
    referring.blueprint,
    repairs.blueprint,
    privacy.blueprint,
    verification.blueprint,
    online_entries.blueprint,
    register.blueprint,
    corrections.blueprint,
    duplicates.blueprint,
    payments.blueprint,
    money.blueprint,
    templates.blueprint,
    parameters.blueprint,
    calendar.blueprint,
    kin.blueprint,
    housing.blueprint,
    public.blueprint,
)


def init_app(app: Flask) -> None:
    """Add the pages and the frame around them."""
    shell.init_app(app, frame)
    app.jinja_env.globals.update(
        label=labels.label,
        labels=labels.labels,
        choices=labels.choices,
        group_names=labels.groups,
        town_name=labels.town,
        unit_kind_name=labels.unit_kind,
        in_language=labels.in_language,
    )
    app.jinja_env.filters["masked_name"] = masked_name
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
