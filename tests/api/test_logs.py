"""What the logs hold: one event a line with its fields, the request in all that it led to, and never a person."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from api.app import create_app
from api.services import Services
from api.watching.logs import JsonLines, TextLines, about, told_safely
from api.watching.requests import WatchedRequests
from api.watching.tracing import NoTracing
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import Client, content
from tests.contracts.test_jobs_and_timers import no_signal_needed
from web.authentication import permits
from workflows.organisation.rights import Right
