"""The files for Heroku, Railway and Render say what these know, and name the settings as they are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from medusa.config import Duty, Settings, duty_of

ROOT = Path(__file__).parents[2]
VARIABLES = {name.upper(): field for name, field in Settings.model_fields.items()}

NOT_ON_HEROKU = {
    "DATA_DIR": "the disk is emptied at each restart, and the default is as good as any",
    "TELEGRAM_SERVER": "for tests, and for who runs a Telegram of their own",
    "TELEGRAM_SERVER_KEY": "a file; see TELEGRAM_SERVER",
    "SOURCES_DIR": "a directory, which has to be in the repository first",
    "FETCH_ALLOW": "there is nothing private to fetch from beside a dyno",
    "YTDLP_OPTIONS": "a file, which has to be in the repository first",
    "LOG_JSON": "Heroku's log is read by people",
    "PORT": "Heroku sets it where it leads somewhere",
    "HEALTH_HOST": "nothing reaches a worker from outside",
    "METRICS_TOKEN": "nothing reaches a worker from outside",
}
"""What app.json leaves out, and why."""

NEEDED = {"API_ID", "API_HASH", "BOT_TOKEN", "OWNER", "MONGODB_URI"}
"""What nobody can run the bot on a platform without: their disks keep nothing, a private mongod included."""

ON_RENDER = NEEDED | {"LOG_CHANNELS", "COOKIES_KEY"}
"""What render.yaml asks for. The others have defaults that suit, and may be added in its dashboard."""


def procfile() -> dict[str, str]:
    """Command by process type."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def duty_in(command: str) -> Duty:
    """What a command does; it has to be app.py, which has to be there."""
    match = re.fullmatch(r"python app\.py(?: (\w+))?", command)
    assert match, command
    assert (ROOT / "app.py").is_file()
    return duty_of([match[1]] if match[1] else [])


def app_json() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "app.json").read_text())
    return found


# --- Procfile -------------------------------------------------------------------------------------


def test_the_procfile_has_a_process_type_for_each_duty() -> None:
    assert {name: duty_in(command) for name, command in procfile().items()} == {
        str(duty): duty for duty in Duty
    }


def test_platforms_take_the_python_that_tgcrypto_has_wheels_for() -> None:
    assert (ROOT / ".python-version").read_text() == "3.11\n"
    assert not (ROOT / "runtime.txt").exists(), "Heroku has given it up for .python-version"


# --- Heroku ---------------------------------------------------------------------------------------


def test_app_json_has_the_keys_that_heroku_knows() -> None:
    found = app_json()
    known = {"name", "description", "keywords", "website", "repository", "logo", "success_url", "scripts"}
    assert found.keys() <= known | {"env", "formation", "addons", "buildpacks", "environments", "stack"}
    assert found["buildpacks"] == [{"url": "heroku/python"}]
    assert re.fullmatch(r"heroku-\d\d", found["stack"])
    for entry in found["env"].values():
        assert entry.keys() <= {"description", "value", "required", "generator"}
        assert isinstance(entry.get("value", ""), str)
        assert entry.get("generator", "secret") == "secret"


def test_app_json_starts_what_the_procfile_has() -> None:
    formation = app_json()["formation"]
    assert formation.keys() <= procfile().keys()
    assert formation["worker"] == {"quantity": 1, "size": "basic"}
    assert "bot" not in formation, "a worker and a bot would be two fronts"


def test_app_json_has_every_setting_or_a_reason() -> None:
    assert NOT_ON_HEROKU.keys() <= VARIABLES.keys()
    assert list(app_json()["env"]) == [name for name in VARIABLES if name not in NOT_ON_HEROKU]


@pytest.mark.parametrize("variable", app_json()["env"])
def test_app_json_describes_a_setting_as_it_is(variable: str) -> None:
    field, entry = VARIABLES[variable], app_json()["env"][variable]
    description = (field.description or "").removeprefix("Secret: ")
    assert entry["description"] == description[0].upper() + description[1:]
    assert entry["required"] is (variable in NEEDED)
    default = field.default if not field.is_required() and field.default not in (None, ()) else ""
    written = str(default).lower() if isinstance(default, bool) else str(default)
    assert entry.get("value", "") == written
    assert ("generator" in entry) is (variable == "COOKIES_KEY")


# --- Railway and Render ---------------------------------------------------------------------------


def test_railway_json_has_the_keys_that_railway_knows() -> None:
    found = json.loads((ROOT / "railway.json").read_text())
    assert found.keys() == {"$schema", "build", "deploy"}
    assert found["build"] == {"builder": "DOCKERFILE", "dockerfilePath": "Dockerfile"}
    deploy = found["deploy"]
    assert deploy.keys() <= {
        *("startCommand", "numReplicas", "healthcheckPath", "healthcheckTimeout", "restartPolicyType"),
        *("restartPolicyMaxRetries", "drainingSeconds", "overlapSeconds", "preDeployCommand"),
    }
    assert deploy["startCommand"] == procfile()["worker"]
    assert deploy["numReplicas"] == 1
    # The new process waits for the old one's session, and Railway ends the old one when the new one is well:
    # with /ready both would wait for ever.
    assert deploy["healthcheckPath"] == "/live"
    assert deploy["drainingSeconds"] > VARIABLES["STOP_GRACE"].default + 5


def test_render_yaml_has_the_keys_that_render_knows() -> None:
    (service,) = yaml.safe_load((ROOT / "render.yaml").read_text())["services"]
    assert service.keys() <= {
        *("type", "name", "runtime", "dockerfilePath", "dockerCommand", "plan", "numInstances", "region"),
        *("maxShutdownDelaySeconds", "envVars", "autoDeploy", "branch"),
    }
    assert (service["type"], service["runtime"]) == ("worker", "docker")
    assert service["dockerCommand"] == procfile()["worker"]
    assert (ROOT / service["dockerfilePath"]).is_file()
    assert 0 < service["maxShutdownDelaySeconds"] <= 300


def test_render_asks_for_what_is_needed_and_keeps_no_value() -> None:
    (service,) = yaml.safe_load((ROOT / "render.yaml").read_text())["services"]
    variables = {entry["key"]: entry for entry in service["envVars"]}
    assert len(variables) == len(service["envVars"])
    assert variables.keys() == ON_RENDER
    assert variables.keys() <= VARIABLES.keys()
    generated = variables.pop("COOKIES_KEY")
    assert generated == {"key": "COOKIES_KEY", "generateValue": True}
    assert all(entry == {"key": key, "sync": False} for key, entry in variables.items())
