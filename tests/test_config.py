"""Settings that decide how statements are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.config import DEFAULT_SCALE, load_settings
from kb.errors import ConfigError

WRITTEN = """
scale = "EFSA"

[fiscal_years]
Tidewheel = 10

[events]
"Northvale referendum" = "2027-05-04"
Expo = ["2030-10-01/2031-03-31", "2035"]
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_by_default_the_scale_is_icd_203_and_nothing_is_added() -> None:
    settings = load_settings(environ={})
    assert (settings.scale, settings.fiscal_years, settings.events) == (DEFAULT_SCALE, {}, {})


def test_settings_come_from_a_file(tmp_path: Path) -> None:
    settings = load_settings(file=written(tmp_path, WRITTEN), environ={})
    assert settings.scale == "EFSA"
    assert settings.fiscal_years == {"Tidewheel": 10}
    assert settings.events["Expo"] == ["2030-10-01/2031-03-31", "2035"]


def test_the_environment_chooses_the_scale(tmp_path: Path) -> None:
    assert load_settings(file=written(tmp_path, WRITTEN), environ={"KB_SCALE": "Kent"}).scale == "Kent"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('scale = "gut feeling"', "setting scale must be one of ICD 203, Kent, IPCC, EFSA, not 'gut feeling'"),
        ("[fiscal_years]\nTidewheel = 13", "fiscal_years.Tidewheel must be a month from 1 to 12, not 13"),
        ("[fiscal_years]\nTidewheel = true", "must be a month from 1 to 12, not True"),
        ('fiscal_years = "October"', "setting fiscal_years in .* must be"),
        ('[events]\nExpo = "next May"', "event 'Expo' in the settings: 'next May' is not a date"),
        ("max_feed_pages = 0", "setting max_feed_pages must be at least 1, not 0"),
        ("[events]\nExpo = 2030", "event 'Expo' in the settings needs a date"),
    ],
)
def test_a_setting_that_nothing_can_use_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_settings(file=written(tmp_path, text), environ={})
