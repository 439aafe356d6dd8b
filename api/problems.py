"""Errors as RFC 9457 problem documents: one map from codes to statuses, both languages, every field named."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, request, session
from werkzeug.exceptions import HTTPException

from api.camunda.problems import PROBLEM_TYPE, as_camunda
from api.camunda.waiting import TooManyWaiting
from api.schemas.deployment_answers import ResourceFinding
from api.watching.requests import request_id
from engine.core.texts import Words
from engine.errors import DeploymentRefused, EngineError, OutcomeUnknown, StorageFull
from engine.forms import FormInvalid
from engine.json_values import JsonObject, dump_json
from engine.operation_errors import BatchParametersInvalid
from web import i18n
from web.authentication import is_for_programs
from web.errors import (
    AccountLocked,
    BadRequest,
    MethodNotAllowed,
    NoRoomLeft,
    NoSuchAddress,
    NotSignedIn,
    OutcomeNotKnown,
    RequestInvalid,
    SignInFailed,
    TooLarge,
    Unavailable,
    Unexpected,
    UnsupportedMediaType,
)
from web.pages.errors import error_page, page_of_form
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.programmes.errors import AidListInvalid
from workflows.casework.register.errors import ImportInvalid, TooManyTries
from workflows.organisation.errors import PasswordRefused
from workflows.workbench.errors import PackageIncomplete

CAMUNDA_PREFIX = "/v2/"
UNPROCESSABLE = 422

STATUSES = {
    "advice-key-taken": 409,
    "advice-not-found": 404,
    "advice-open-already": 409,
    "advice-over": 409,
    "advice-without-case": 409,
    "evidence-full": 409,
    "hold-for-nothing": 409,
    "hold-without-case": 409,
    "evidence-kind-refused": 415,
    "evidence-not-found": 404,
    "evidence-not-yours": 403,
    "evidence-too-large": 413,
    "nobody-could-do-task": 422,
    "photo-link-over": 404,
    "winter-need-invalid": 422,
    "winter-need-known": 409,
    "winter-need-not-found": 404,
    "winter-register-closed": 409,
    "winter-register-known": 409,
    "winter-register-not-found": 404,
    "winter-season-wrong": 422,
    "addressee-outside-unit": 409,
    "nobody-to-notify": 409,
    "circular-month-wrong": 422,
    "circular-stale": 409,
    "conference-file-not-yours": 403,
    "conference-key-taken": 409,
    "conference-not-yours": 403,
    "conference-record-not-found": 404,
    "conference-state-wrong": 409,
    "conference-unit-wrong": 403,
    "issue-not-open": 409,
    "issues-closed": 409,
    "circular-text-wrong": 422,
    "nobody-to-decide": 409,
    "nobody-to-review": 409,
    "order-due-day-wrong": 422,
    "population-empty": 409,
    "population-too-large": 422,
    "sample-period-wrong": 422,
    "sample-size-wrong": 422,
    "seed-wrong": 422,
    "spot-check-key-taken": 409,
    "spot-check-not-found": 404,
    "spot-check-of-kin": 403,
    "spot-check-over": 409,
    "took-part": 403,
    "order-not-found": 404,
    "order-state-wrong": 409,
    "unit-not-involved": 409,
    "comment-changed": 409,
    "comment-key-taken": 409,
    "comment-not-found": 404,
    "comment-not-own": 403,
    "comment-settled": 409,
    "comment-withdrawn": 409,
    "agency-resting": 409,
    "answer-not-due": 409,
    "call-waiting": 409,
    "consent-missing": 409,
    "no-authorisation": 409,
    "nothing-to-ask": 409,
    "objection-open": 409,
    "objection-too-late": 409,
    "query-refused": 403,
    "report-missing": 404,
    "report-superseded": 409,
    "account-locked": 429,
    "already-claimed": 409,
    "already-exists": 409,
    "bad-json": 400,
    "bad-request": 400,
    "batch-extent-changed": 409,
    "batch-state-wrong": 409,
    "payment-batch-state-wrong": 409,
    "payment-batch-not-found": 404,
    "payment-batch-open": 409,
    "bank-file-answered": 409,
    "bank-file-empty": 409,
    "payee-account-missing": 409,
    "payment-month-future": 409,
    "price-month-known": 409,
    "fine-out-of-limits": 409,
    "instalments-wrong": 409,
    "receipt-too-large": 409,
    "nothing-paid": 409,
    "payments-at-the-bank": 409,
    "recovery-too-large": 409,
    "standard-change-refused": 409,
    "calendar-year-not-loaded": 409,
    "case-erased": 409,
    "case-not-accepted": 409,
    "case-not-found": 404,
    "nothing-drawn": 409,
    "relief-cap-exceeded": 409,
    "correction-decided": 409,
    "correction-outdated": 409,
    "duplicate-decided": 409,
    "duplicate-not-found": 404,
    "duplicate-not-mergeable": 409,
    "identity-known": 409,
    "not-in-register": 404,
    "online-entry-decided": 409,
    "online-entry-not-found": 404,
    "status-unknown": 404,
    "too-many-tries": 429,
    "too-many-waiting": 429,
    "case-still-open": 409,
    "concurrent-change": 409,
    "csrf-failed": 403,
    "duplicate-message": 409,
    "check-running": 409,
    "decision-served": 409,
    "clock-already-paused": 409,
    "clock-not-paused": 409,
    "county-visit-missing": 409,
    "extension-exists": 409,
    "extension-too-late": 409,
    "foreign-site": 403,
    "filter-name-taken": 409,
    "absence-days-wrong": 422,
    "absence-is-over": 409,
    "absence-overlaps": 409,
    "absence-taken": 409,
    "substitute-unfit": 422,
    "substitution-over": 409,
    "too-many-filters": 409,
    "too-many-shared-filters": 409,
    "four-eyes": 403,
    "cannot-start": 422,
    "runaway-relay": 422,
    "distribution-figures-wrong": 422,
    "distribution-place-unknown": 422,
    "distribution-rule-not-found": 404,
    "hand-over-to-nobody": 409,
    "idempotency-conflict": 409,
    "submission-key-taken": 409,
    "instance-ended": 409,
    "instance-too-large": 422,
    "instance-not-suspended": 409,
    "incident-resolved": 409,
    "instance-suspended": 409,
    "failed-again": 409,
    "job-lost": 409,
    "job-type-of-office": 403,
    "key-not-unique": 409,
    "not-completed-in-time": 504,
    "kin-barred": 403,
    "limits-left": 409,
    "kin-known": 409,
    "method-not-allowed": 405,
    "no-such-address": 404,
    "number-in-address": 400,
    "not-assignee": 403,
    "not-bulkable": 409,
    "task-has-draft": 409,
    "put-off-wrong": 422,
    "not-correlated": 404,
    "not-found": 404,
    "not-permitted": 403,
    "not-signed-in": 401,
    "notice-not-found": 404,
    "notice-not-open": 409,
    "objection-not-found": 404,
    "objections-waiting": 429,
    "outcome-unknown": 503,
    "own-request": 403,
    "parameter-missing": 409,
    "parameter-unknown": 404,
    "parameter-unchanged": 409,
    "parameter-by-standard-change": 409,
    "parameter-change-waiting": 409,
    "parameter-change-not-found": 404,
    "parameter-change-over": 409,
    "parameter-change-outdated": 409,
    "parameter-change-not-yours": 403,
    "parameter-out-of-range": 409,
    "password-must-change": 403,
    "record-not-found": 409,
    "need-with-unit": 409,
    "need-awaits-routing": 409,
    "course-closes-without": 409,
    "referring-without-unit": 409,
    "referral-not-opened": 409,
    "referral-not-found": 404,
    "referring-without-case": 409,
    "referral-state-wrong": 409,
    "benefit-state-wrong": 409,
    "benefits-overlap": 409,
    "benefit-not-chosen": 409,
    "recheck-running": 409,
    "bill-known": 409,
    "place-not-waiting": 409,
    "not-first-in-queue": 409,
    "chinese-font-missing": 503,
    "document-about-other": 409,
    "document-kind-unknown": 404,
    "document-not-found": 404,
    "draft-stale": 409,
    "definition-draft-over": 409,
    "definition-draft-stale": 409,
    "draft-check-stale": 409,
    "draft-file-taken": 409,
    "draft-unchanged": 409,
    "package-incomplete": 409,
    "package-not-made": 409,
    "examples-stale": 409,
    "not-open-in-play": 409,
    "play-stale": 409,
    "scenario-name-taken": 409,
    "scenario-stale": 409,
    "scenarios-full": 409,
    "step-too-early": 409,
    "warnings-not-confirmed": 409,
    "document-not-verified": 404,
    "document-subject-missing": 409,
    "revert-out-of-reach": 403,
    "revert-refused": 409,
    "second-correction": 409,
    "sign-in-failed": 401,
    "stale-version": 409,
    "storage-full": 503,
    "stamping-busy": 503,
    "task-action-denied": 409,
    "task-in-transition": 409,
    "task-not-open": 409,
    "too-large": 413,
    "unavailable": 503,
    "heat-takes-too-long": 503,
    "unexpected": 500,
    "unsupported-media-type": 415,
}
"""Every other code is an unprocessable request: it was read and understood, and breaks a rule."""

TITLES = {
    400: ("请求无法读取", "The request cannot be read"),
    401: ("需要登录", "Signing in is needed"),
    403: ("无权操作", "Not permitted"),
    404: ("没有找到", "Not found"),
    405: ("不支持的请求方法", "Method not allowed"),
    409: ("与当前状态冲突", "In conflict with the present state"),
    413: ("提交内容过大", "Too large"),
    415: ("不支持的内容类型", "Content type not supported"),
    422: ("内容不符合要求", "The content breaks a rule"),
    429: ("请稍后再试", "Try again later"),
    500: ("系统错误", "Something went wrong"),
    503: ("暂时无法访问", "Not available for the moment"),
    504: ("等待超时", "Waited too long"),
}

logger = logging.getLogger("reliefdesk.http")


def init_app(app: Flask) -> None:
    """Answer every error as a problem document or, for people, as a page."""
    app.register_error_handler(EngineError, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(ConnectionError, lambda _error: answer(Unavailable()))
    app.register_error_handler(OutcomeUnknown, lambda _error: answer(OutcomeNotKnown()))
    app.register_error_handler(StorageFull, lambda _error: answer(NoRoomLeft()))
    app.register_error_handler(Exception, _answer_unexpected)


def status_of(error: EngineError) -> int:
    """Return the HTTP status of an error."""
    return STATUSES.get(error.code, UNPROCESSABLE)


def answer(error: EngineError) -> Response:
    """Return the response for an error, in the shape the caller asked for."""
    status = status_of(error)
    if not _wants_problem():
        return error_page(error, status)
    document = problem(error, i18n.language()) | {"request_id": request_id()}
    if request.path.startswith(CAMUNDA_PREFIX):
        response = as_camunda(error, document, path=request.path, language=i18n.language())
    else:
        response = Response(dump_json(document), status=status, content_type=PROBLEM_TYPE)
    if isinstance(error, AccountLocked | TooManyTries | TooManyWaiting):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, NotSignedIn | SignInFailed) and _is_program():
        response.headers["WWW-Authenticate"] = 'Basic realm="reliefdesk", charset="UTF-8"'
    return response


def problem(error: EngineError, language: str) -> JsonObject:
    """Return the problem document of an error in 'zh' or 'en'."""
    status = status_of(error)
    title_zh, title_en = TITLES[status]
    document: JsonObject = {
        "type": f"urn:reliefdesk:error:{error.code}",
        "title": title_zh if language == "zh" else title_en,
        "status": status,
        "code": error.code,
        "detail": error.text(language, i18n.COUNTY_TIME),
    }
    errors = field_errors(error, language)
    if errors:
        document["errors"] = errors
    if isinstance(error, DeploymentRefused | PackageIncomplete):
        document["findings"] = [asdict(ResourceFinding.of(finding, language)) for finding in error.findings]
    return document


def field_errors(error: EngineError, language: str) -> list[JsonObject]:
    """Return what is wrong at which value: path as in 'members[0].name', the field's own key, message and code."""
    if isinstance(error, RequestInvalid):
        return [_entry(path_text(one.path), one.message(language), one.code) for one in error.errors]
    if isinstance(error, ApplicationInvalid):
        return [_entry(one.path, one.zh if language == "zh" else one.en, one.code) for one in error.errors]
    if isinstance(error, ImportInvalid | AidListInvalid):
        return [
            _entry(f"rows[{one.row}].{one.column}", one.zh if language == "zh" else one.en, error.code)
            for one in error.errors
        ]
    if isinstance(error, FormInvalid):
        return [
            _entry(path_text(one.path), one.message_zh if language == "zh" else one.message_en, one.code)
            for one in error.errors
        ]
    if isinstance(error, BatchParametersInvalid) and error.path:
        message = error.reason.zh if language == "zh" else str(error.reason)
        return [_entry(f"parameters.{error.path}", message, error.code)]
    if isinstance(error, PasswordRefused):
        return [_entry(error.field, error.text(language), error.code)]
    return []


def path_text(path: Sequence[str | int]) -> str:
    """Write a path as in 'members[0].name'."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _entry(path: str, message: str, code: str) -> JsonObject:
    return {"path": path, "field": path.rpartition(".")[2], "message": message, "code": code}


def _answer_http(error: HTTPException) -> Any:  # werkzeug's own answers: redirects, and what no code names
    status = error.code or 500
    known: EngineError
    if status == 404:
        known = NoSuchAddress()
    elif status == 405:
        page = None if _wants_problem() else page_of_form()
        if page is not None:
            return page
        known = MethodNotAllowed()
    elif status == 413:
        known = TooLarge()
    elif status == 415:
        known = UnsupportedMediaType(found=request.mimetype or "-", needed="-")
    elif 400 <= status < 500:
        known = BadRequest(Words(f"HTTP {error.code}", error.name))
    else:
        return error
    response = answer(known)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _answer_unexpected(error: Exception) -> Response:
    """Log what broke under the request's id and tell the id alone."""
    logger.error("request failed", extra={"endpoint": request.endpoint}, exc_info=error)
    return answer(Unexpected(request_id()))


def _wants_problem() -> bool:
    if is_for_programs():
        return True
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", PROBLEM_TYPE], default="text/html")
    return best != "text/html"


def _is_program() -> bool:
    """A browser that is asked for Basic credentials keeps them, and would send them for other sites' pages too."""
    is_browser = "Sec-Fetch-Mode" in request.headers or "text/html" in request.headers.get("Accept", "")
    is_page = "login" in session or "X-CSRF-Token" in request.headers
    return is_for_programs() and not is_browser and not is_page
