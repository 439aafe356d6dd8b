"""The parameters of policy a county starts with.

Liyang's own figures must be entered by its administrator: these are the test parameters P-TEST, marked as such.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.json_values import JsonValue
from workflows.casework.records import Parameter

TEST_SOURCE = "测试参数 P-TEST(非法定标准)"
EFFECTIVE_FROM = date(2026, 1, 1)

_VALUES: dict[str, JsonValue] = {
    "dibao_standard": 1080,
    "edge_factor": Decimal("1.5"),
    "dibao_asset_months": 24,
    "edge_asset_months": 36,
    "work_cost_rate": Decimal("0.2"),
    "work_cost_cap": 540,
    "excluded_basic_pension": 143,
    "addon_severe_rate": Decimal("0.2"),
    "addon_age_rate": Decimal("0.1"),
    "education_primary_dibao": 1500,
    "education_junior_dibao": 2000,
    "education_primary_edge": 1000,
    "education_junior_edge": 1250,
    "housing_area_per_head": 15,
    "housing_unit_rent": 16,
    "housing_coefficient_dibao": Decimal("1.0"),
    "housing_coefficient_edge": Decimal("0.8"),
    "referral_acknowledge_days": 2,
    "public_notice_days": 7,
    "total_days": 30,
    "start_investigation_days": 3,
    "county_days": 10,
    "education_result_days": 10,
    "employment_registration_days": 5,
    "employment_result_days": 20,
    "housing_result_days": 45,
    "medical_status_days": 1,
    "agency_answer_days": 5,
    "correction_days": 10,
}

TEST_PARAMETERS = tuple(
    Parameter(key=key, value=value, effective_from=EFFECTIVE_FROM, source=TEST_SOURCE) for key, value in _VALUES.items()
)
