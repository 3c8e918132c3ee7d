"""Settings come from one file and the environment, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost_gateway.errors import SettingsError
from fingerpost_gateway.settings import Settings, load_settings


def test_without_file_and_variables_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(environment={"FINGERPOST_DATA_DIR": str(tmp_path)})
    assert settings == Settings(data_dir=tmp_path)
    assert settings.http.host == "127.0.0.1"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "fingerpost.toml"
    file.write_text("[http]\nport = 1\nbody_limit = 2\n")
    environment = {"FINGERPOST_DATA_DIR": str(tmp_path), "FINGERPOST_HTTP__PORT": "3"}
    settings = load_settings(environment=environment)
    assert (settings.http.port, settings.http.body_limit) == (3, 2)


def test_the_default_tenant_is_always_there(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('[tenants.dvla]\ntitle = "DVLA"\n')
    assert set(load_settings(file, environment={}).tenants) == {"default", "dvla"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[http]\nprt = 1", "prt"),
        ("[http]\nport = 'x'", "$.http.port"),
        ("[http]\nport = 70000", "$.http.port"),
        ("[http]\nbody_limit = 0", "$.http.body_limit"),
        ("[http]\ndrain_s = -1.0", "$.http.drain_s"),
        ("[state]\nretention_days = -1", "$.state.retention_days"),
        ("[limits]\nquestions_per_minute = -1", "$.limits.questions_per_minute"),
        ("[openai_api]\nraw = 'on'", "$.openai_api.raw"),
        ("[http\n", "not valid TOML"),
        ("[tenants.a]\nkeys = [{name = 'x'}]", "sha256"),
        ("[telemetry]\nlog_level = 'loud'", "$.telemetry.log_level"),
        ("[tenants.a]\nkeys = [{name = 'x', sha256 = 'x'}]", "tenants.a.keys: 'x' has a sha256"),
        (f"[tenants.a]\nkeys = [{{name = 'x', sha256 = '{'0' * 63}g'}}]", "fingerpost keys hash"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"s\.toml") as caught:
        load_settings(file, environment={})
    assert named in str(caught.value)


def test_one_key_cannot_have_two_owners(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    digest = "a" * 64
    file.write_text(
        f"[tenants.a]\nkeys = [{{name = 'x', sha256 = '{digest}'}}]\n"
        f"[tenants.b]\nkeys = [{{name = 'y', sha256 = '{digest.upper()}'}}]\n"
    )
    with pytest.raises(SettingsError, match=r"tenants\.b\.keys: 'y' .*fingerpost keys new"):
        load_settings(file, environment={})


def test_a_missing_file_says_which_variable_named_it(tmp_path: Path) -> None:
    environment = {"FINGERPOST_CONFIG": str(tmp_path / "none.toml")}
    with pytest.raises(SettingsError, match="FINGERPOST_CONFIG"):
        load_settings(environment=environment)
