"""Every mistake in the settings has its sentence, and no sentence holds a secret."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from medusa.config import Duty, Settings, duty_of, load_settings, problems, typos
from medusa.errors import SettingsError
from medusa.setting_types import Address

HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "123456789:AAF" + "x" * 32
GOOD = {"API_ID": "12345", "API_HASH": HASH, "BOT_TOKEN": TOKEN}
SAMPLE = Path(__file__).parents[2] / "config.env.sample"


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A directory without config.env and an environment without our variables."""
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
        monkeypatch.delenv(field, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**given: str) -> Settings:
    """What the environment {**GOOD, **given} means."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, text in {**GOOD, **given}.items():
            patch.setenv(variable, text)
        return load_settings()


def test_three_values_are_enough() -> None:
    found = settings()
    assert (found.api_id, found.database_name, found.data_dir) == (12345, "medusa", Path("data"))
    assert found.api_hash.get_secret_value() == HASH
    assert found.bot_token.get_secret_value() == TOKEN
    assert (found.owner, found.mongodb_uri, found.log_channels) == (None, None, ())


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.sentence == (
        "API_ID is missing. Get it from https://my.telegram.org.\n"
        "API_HASH is missing. Get it from https://my.telegram.org.\n"
        "BOT_TOKEN is missing. Get it from https://t.me/BotFather."
    )


def test_the_file_is_read_and_the_environment_goes_first(empty: Path) -> None:
    (empty / "config.env").write_text(
        f"# mine\nAPI_ID=1\nAPI_HASH='{HASH}'\nexport BOT_TOKEN={TOKEN}\nDATABASE_NAME=other\nOWNER=\n"
    )
    found = load_settings()
    assert (found.api_id, found.database_name, found.owner) == (1, "other", None)
    assert settings().api_id == 12345


@pytest.mark.parametrize("text", ["", "  ", '""'])
def test_an_empty_value_is_no_value(text: str) -> None:
    assert settings(MONGODB_URI=text, LOG_CHANNELS=text, MAX_CONCURRENT_JOBS=text) == settings()
    assert problems(**{**GOOD, "API_ID": text}) == {
        "API_ID": "API_ID is missing. Get it from https://my.telegram.org."
    }


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("-1001234567890", (-1001234567890,)),
        ("1,2 , 3", (1, 2, 3)),
        ("1 2\n3;4", (1, 2, 3, 4)),
        ("[-1001, '-1002', \"5\"]", (-1001, -1002, 5)),
        ("'-1001','-1002'", (-1001, -1002)),
        ("(7)", (7,)),
        ("−1001 –1002", (-1001, -1002)),
        ("5,5,-1,5", (5, -1)),
        (",", ()),
    ],
)
def test_lists_of_ids(text: str, ids: tuple[int, ...]) -> None:
    found = settings(LOG_CHANNELS=text, BACKUP_LOG_CHANNELS=text, AUTH_USERS=text)
    assert found.log_channels == found.backup_log_channels == found.auth_users == ids


@given(
    st.lists(st.integers(-(10**14), 10**14).filter(bool), unique=True),
    st.sampled_from([",", " ", "\n", ", "]),
)
def test_any_list_of_ids_comes_back(ids: list[int], separator: str) -> None:
    assert settings(AUTH_USERS=separator.join(map(str, ids))).auth_users == tuple(ids)


def test_what_to_fetch_although_private() -> None:
    found = settings(FETCH_ALLOW="127.0.0.1:8080, [::1]:80 10.1.2.3/8\n192.168.1.7 media.local:443")
    assert found.fetch_allow == (
        "127.0.0.1:8080",
        "[::1]:80",
        "10.0.0.0/8",
        "192.168.1.7/32",
        "media.local:443",
    )


def test_another_telegram_server(empty: Path) -> None:
    key = empty / "key.pem"
    key.write_text("-----BEGIN RSA PUBLIC KEY-----\n…".replace("…", "AA=="))
    found = settings(TELEGRAM_SERVER="[::1]:443", TELEGRAM_SERVER_KEY=str(key))
    assert found.telegram_server == Address("::1", 443)
    assert found.telegram_server_key == key
    assert str(found.telegram_server) == "[::1]:443"


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("API_ID", "abc", 'API_ID: "abc" is not a whole number. Get it from https://my.telegram.org.'),
        ("API_ID", "0", 'API_ID: "0" is not 1 or more. Get it from https://my.telegram.org.'),
        ("OWNER", "@me", 'OWNER: "@me" is not a whole number. https://t.me/userinfobot tells yours.'),
        ("DATABASE_NAME", "a b", 'DATABASE_NAME: "a b" is not a name of letters, digits, - and _.'),
        ("PUBLIC", "perhaps", 'PUBLIC: "perhaps" is not true or false.'),
        ("MAX_CONCURRENT_JOBS", "51", 'MAX_CONCURRENT_JOBS: "51" is not a whole number from 1 to 50.'),
        ("MAX_CONCURRENT_JOBS", "0", 'MAX_CONCURRENT_JOBS: "0" is not a whole number from 1 to 50.'),
        ("STOP_GRACE", "-1", 'STOP_GRACE: "-1" is not a whole number from 0 to 20.'),
        ("SOURCES_DIR", "nowhere", 'SOURCES_DIR: "nowhere" is not a directory that exists.'),
        ("UPLOAD_SESSIONS", "9", 'UPLOAD_SESSIONS: "9" is not a whole number from 1 to 8.'),
        (
            "LOG_CHANNELS",
            "-1001, mine",
            'LOG_CHANNELS: "mine" is not a Telegram id such as 123456789, or -1001234567890 for a channel.',
        ),
        (
            "FETCH_ALLOW",
            "127.0.0.1:80 localhost",
            'FETCH_ALLOW: "localhost" is not host:port or a network such as 10.0.0.0/8.',
        ),
        (
            "LOG_LEVEL",
            "loud",
            'LOG_LEVEL: "loud" is not one of TRACE, DEBUG, INFO, SUCCESS, WARNING, ERROR, CRITICAL.',
        ),
        (
            "TELEGRAM_SERVER",
            "telegram.example.org",
            'TELEGRAM_SERVER: "telegram.example.org" is not an address such as 127.0.0.1:443 or '
            "telegram.example.org:443.",
        ),
        (
            "TELEGRAM_SERVER_KEY",
            "/nowhere.pem",
            'TELEGRAM_SERVER_KEY: "/nowhere.pem" is not a PEM file with a public key that can be read.',
        ),
    ],
)
def test_a_wrong_value_has_its_sentence(variable: str, text: str, sentence: str) -> None:
    assert problems(**{**GOOD, variable: text}) == {variable: sentence}


def test_server_and_key_need_each_other(empty: Path) -> None:
    key = empty / "key.pem"
    key.write_text("-----BEGIN PUBLIC KEY-----")
    assert problems(**GOOD, TELEGRAM_SERVER="localhost:1") == {
        "TELEGRAM_SERVER_KEY": "TELEGRAM_SERVER_KEY is not set, but TELEGRAM_SERVER needs it."
    }
    assert problems(**GOOD, TELEGRAM_SERVER_KEY="key.pem") == {
        "TELEGRAM_SERVER_KEY": 'TELEGRAM_SERVER_KEY: "key.pem" is not of use without TELEGRAM_SERVER.'
    }


def test_a_private_key_is_refused(empty: Path) -> None:
    key = empty / "key.pem"
    key.write_text("-----BEGIN RSA PRIVATE KEY-----")
    assert "is not a PEM file with a public key" in str(problems(**GOOD, TELEGRAM_SERVER_KEY=str(key)))


@pytest.mark.parametrize(
    "variable", ["API_HASH", "BOT_TOKEN", "USER_SESSION_STRING", "MONGODB_URI", "COOKIES_KEY"]
)
def test_no_sentence_holds_a_secret(variable: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**{variable: "hush-hush"})
    assert caught.value.sentence.startswith(f"{variable}: what was given (not shown) is not ")
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_secret_in_the_wrong_place_is_not_shown() -> None:
    found = str(
        problems(API_ID=HASH, API_HASH="12345", BOT_TOKEN=TOKEN, OWNER=TOKEN, DATABASE_NAME="m://u:pw@h")
    )
    assert "API_ID" in found
    assert not any(secret in found for secret in (HASH[4:], TOKEN[-32:], "pw"))


def test_secrets_are_not_in_the_text_of_settings() -> None:
    found = settings(MONGODB_URI="mongodb://u:pass@h/")
    assert set(found.secrets()) == {HASH, TOKEN, "mongodb://u:pass@h/"}
    assert not any(secret in f"{found!r}{found}" for secret in found.secrets())


def test_a_typo_gets_a_hint_and_a_foreign_variable_does_not(empty: Path) -> None:
    (empty / "config.env").write_text("API_HAHS=x\nPATH_TO_SOMETHING=1\nLOG_CHANNELS=1\n")
    assert typos() == ("config.env has API_HAHS, which I do not know. Did you mean API_HASH?",)
    with pytest.raises(SettingsError, match=r"API_HASH is missing(.|\n)*Did you mean API_HASH"):
        load_settings()


def test_a_file_that_is_no_text_has_its_sentence(empty: Path) -> None:
    (empty / "config.env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"config\.env cannot be read"):
        load_settings()


def test_the_sample_is_the_settings() -> None:
    def written(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value or "")

    expected = [
        (
            field.description,
            name.upper(),
            "" if field.is_required() else written(field.default),
        )
        for name, field in Settings.model_fields.items()
    ]
    assert re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", SAMPLE.read_text(), re.MULTILINE) == expected


def test_the_sample_filled_in_is_the_default(empty: Path) -> None:
    (empty / "config.env").write_text(SAMPLE.read_text())
    assert settings() == Settings(
        api_id=12345, api_hash=SecretStr(HASH), bot_token=SecretStr(TOKEN), _env_file=None
    )


# --- several processes ----------------------------------------------------------------------------


@pytest.mark.parametrize("duty", [Duty.BOT, Duty.TRANSFER])
def test_processes_that_share_their_work_need_what_they_share_it_by(
    duty: Duty, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, text in GOOD.items():
        monkeypatch.setenv(variable, text)
    assert load_settings(Duty.WORKER).redis_url is None
    with pytest.raises(SettingsError) as caught:
        load_settings(duty)
    assert caught.value.sentence == (
        f"MONGODB_URI is missing: {duty} processes share their work by it.\n"
        f"REDIS_URL is missing: {duty} processes share their work by it."
    )
    monkeypatch.setenv("MONGODB_URI", "mongodb://host/")
    monkeypatch.setenv("REDIS_URL", "rediss://:word@host:6379/1")
    found = load_settings(duty)
    assert "rediss://:word@host:6379/1" in found.secrets()


def test_the_command_line_says_what_a_process_does() -> None:
    assert duty_of([]) is duty_of(["worker"]) is Duty.WORKER
    assert (duty_of(["bot"]), duty_of(["transfer"])) == (Duty.BOT, Duty.TRANSFER)
    for wrong in (["web"], ["bot", "transfer"], [""]):
        with pytest.raises(SettingsError, match="is none of worker, bot, transfer"):
            duty_of(wrong)


def test_what_is_no_address_of_redis() -> None:
    assert problems(**GOOD, REDIS_URL="host:6379") == {
        "REDIS_URL": "REDIS_URL: what was given (not shown) is not an address such as "
        "redis://:password@host:6379/0."
    }


# --- proxies, health and options of yt-dlp --------------------------------------------------------


@pytest.mark.parametrize("variable", ["TELEGRAM_PROXY", "FETCH_PROXY"])
def test_a_proxy_is_no_secret_in_any_sentence(variable: str) -> None:
    found = settings(**{variable: "socks5://ann:planted-password@host:1080"})
    assert "socks5://ann:planted-password@host:1080" in found.secrets()
    assert "planted" not in repr(found)
    sentence = problems(**{**GOOD, variable: "socks4://ann:planted-password@host:1080"})[variable]
    assert sentence == (
        f"{variable}: what was given (not shown) is not a proxy such as socks5://user:password@host:1080 or "
        "http://host:3128."
    )


@pytest.mark.parametrize(
    "link", ["tg://proxy?server=x&port=1&secret=planted", "https://t.me/proxy?server=x", "mtproto://x:1"]
)
def test_an_mtproto_proxy_has_its_sentence(link: str) -> None:
    sentence = problems(**{**GOOD, "TELEGRAM_PROXY": link})["TELEGRAM_PROXY"]
    assert "files go over connections that MTProto proxies do not carry" in sentence
    assert "planted" not in sentence


def test_where_to_answer() -> None:
    found = settings(PORT="8080", HEALTH_HOST="[::]", METRICS_TOKEN="0123456789abcdef")
    assert (found.port, found.health_host) == (8080, "::")
    assert "0123456789abcdef" in found.secrets()
    for text in ("0", "65536", "http"):
        assert "PORT" in problems(**{**GOOD, "PORT": text})
    assert "an address of this machine" in problems(**{**GOOD, "HEALTH_HOST": "example.org"})["HEALTH_HOST"]


def test_options_of_ytdlp_are_checked_at_the_start(empty: Path) -> None:
    file = empty / "options.json"
    file.write_text('{"impersonate": "chrome"}')
    assert settings(YTDLP_OPTIONS=str(file)).ytdlp_options == file
    file.write_text('{"exec": "rm -rf /"}')
    sentence = problems(**{**GOOD, "YTDLP_OPTIONS": str(file)})["YTDLP_OPTIONS"]
    assert "is not without exec: allowed are extractor_args, impersonate" in sentence
