"""Image, compositions and service are locked down, and their tools find nothing wrong with them."""

import configparser
import fnmatch
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from medusa.config import Settings
from tests.unit.test_platforms import duty_in, procfile

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = ROOT / "deploy" / "docker-compose.secrets.yml"
UNIT = ROOT / "deploy" / "medusa.service"
VARIABLES = {name.upper() for name in Settings.model_fields}
OURS = VARIABLES | {f"{name}_FILE" for name in VARIABLES}
BIN = Path(sys.executable).parent


# --- the image ------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, in order, with their arguments on one line each."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(name, rest) for line in lines if line for name, _, rest in [line.partition(" ")]]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    begins = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[begins:]


def test_the_linter_finds_nothing() -> None:
    done = subprocess.run([BIN / "hadolint", DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_have_the_same_pinned_python() -> None:
    bases = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", bases[0])


def test_it_ends_without_root_and_can_write_nothing_of_its_own() -> None:
    stage = last_stage()
    users = [index for index, (name, _) in enumerate(stage) if name == "USER"]
    assert [stage[index][1] for index in users] == ["10001:10001"]
    assert {name for name, _ in stage[users[0] :]} <= {"USER", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert not any("--chown" in rest or "chmod" in rest for _, rest in stage)


def test_packages_come_by_their_hashes_as_wheels_and_before_the_code() -> None:
    runs = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    assert len(runs) == 1
    assert all(flag in runs[0] for flag in ("--require-hashes", "--no-deps", "--only-binary :all:"))
    assert runs[0].endswith("-r requirements.lock")
    before = instructions()[: [rest for _, rest in instructions()].index(runs[0])]
    assert [rest for name, rest in before if name == "COPY"] == ["requirements.lock ./"]


def copied() -> set[str]:
    """What goes from the checkout into the image."""
    sources = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    return {source for each in sources for source in each}


def test_only_what_the_bot_needs_is_in_it() -> None:
    assert copied() == {"requirements.lock", "app.py", "plugins", "medusa"}
    assert all((ROOT / source).exists() for source in copied())
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied()
    left_out = [line for line in lines[1:] if not line.startswith("!")]
    assert any(fnmatch.fnmatch("medusa/__pycache__", pattern) for pattern in left_out)


def test_no_instruction_that_railway_refuses() -> None:
    assert "VOLUME" not in {name for name, _ in instructions()}
    assert "--mount=type=cache" not in DOCKERFILE.read_text()


def test_its_variables_are_ours_or_python_s() -> None:
    set_there = {
        pair.partition("=")[0] for name, rest in last_stage() if name == "ENV" for pair in rest.split()
    }
    assert set_there == {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DATA_DIR", "PORT"}
    assert "DATA_DIR" in VARIABLES


def test_it_starts_as_the_procfile_does() -> None:
    (command,) = [json.loads(rest) for name, rest in last_stage() if name == "CMD"]
    assert " ".join(command) == procfile()["worker"]


@pytest.mark.parametrize(("port", "healthy"), [("", True), ("1", False)])
def test_the_health_check_runs(port: str, healthy: bool) -> None:
    (check,) = [rest for name, rest in last_stage() if name == "HEALTHCHECK"]
    command = json.loads(check.partition("CMD ")[2])
    assert command[0] == "python"
    assert "/live" in command[2]
    done = subprocess.run(
        [sys.executable, *command[1:]], env={"PORT": port}, capture_output=True, check=False
    )
    assert (done.returncode == 0) is healthy


# --- Compose --------------------------------------------------------------------------------------


def services(file: Path = COMPOSE) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())["services"]
    return found


def test_the_compositions_follow_the_schema() -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE, SECRETS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", services())
def test_a_service_is_locked_down(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["pids_limit"] == 512
    assert "ports" not in service, "nobody outside has to reach it"
    assert "privileged" not in service


def test_databases_are_reached_from_inside_only_and_run_as_nobody() -> None:
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]
    assert networks["inside"] == {"internal": True}
    for name in ("mongo", "redis"):
        assert services()[name]["networks"] == ["inside"]
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", services()[name]["user"])


def test_each_profile_has_a_bot_of_its_own() -> None:
    by_profile: dict[str, set[str]] = {}
    for name, service in services().items():
        for profile in service.get("profiles", ["one", "split"]):
            by_profile.setdefault(profile, set()).add(name)
    assert by_profile == {"one": {"worker", "mongo"}, "split": {"bot", "transfer", "redis", "mongo"}}


@pytest.mark.parametrize("name", ["worker", "bot", "transfer"])
def test_a_process_does_what_its_name_says(name: str) -> None:
    service = services()[name]
    assert duty_in(" ".join(service["command"])) == name
    assert service["environment"].keys() <= OURS
    assert ("REDIS_URL" in service["environment"]) is (name != "worker")
    used = {volume.split(":")[0] for other in services().values() for volume in other["volumes"]}
    assert used - {"/data"} == set(yaml.safe_load(COMPOSE.read_text())["volumes"])


def test_secrets_are_files_that_settings_know() -> None:
    whole = yaml.safe_load(SECRETS.read_text())
    assert services(SECRETS).keys() == {"worker", "bot", "transfer"}
    for service in services(SECRETS).values():
        assert service["environment"].keys() <= OURS
        named = {Path(path).name for path in service["environment"].values()}
        assert named == set(service["secrets"]) == set(whole["secrets"])


# --- systemd --------------------------------------------------------------------------------------


def unit() -> configparser.ConfigParser:
    """The service's file; its keys are spelled as there."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return parser


def test_the_service_runs_the_bot() -> None:
    service = unit()["Service"]
    variables = dict(pair.split("=", 1) for pair in service["Environment"].split())
    assert service["ExecStart"].endswith(".venv/bin/python app.py $DUTY")
    assert duty_in(f"python app.py {variables.pop('DUTY')}") == "worker"
    assert variables.keys() - {"HOME", "PYTHONUNBUFFERED"} <= OURS
    assert variables["DATA_DIR"] == f"%S/{service['StateDirectory']}"


def test_the_service_begins_again_and_lives_through_a_child_that_takes_too_much() -> None:
    service = unit()["Service"]
    assert (service["Restart"], service["OOMPolicy"], service["KillMode"]) == (
        "on-failure",
        "continue",
        "mixed",
    )
    assert int(service["TimeoutStopSec"]) > Settings.model_fields["stop_grace"].default + 5


def test_the_service_has_no_rights() -> None:
    service = unit()["Service"]
    wanted = (
        "NoNewPrivileges",
        "DynamicUser",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectHome",
        "RestrictSUIDSGID",
    )
    assert {service[key] for key in wanted} == {"yes"}
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == ""
    assert "MemoryDenyWriteExecute" not in service, "deno could not run"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/medusa/.venv/bin/python", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    about_us = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, about_us) == (0, [])
    looked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(copy)]
    done = subprocess.run(looked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
