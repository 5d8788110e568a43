"""What the settings say of networks reaches what uses them."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from medusa.composition.base import Base, make_source, make_way
from medusa.config import Settings
from medusa.counters import Counters
from medusa.media.network import ProxiedNetwork, SystemNetwork
from medusa.media.nursery import Nursery


def base(**settings: Any) -> Base:
    values: dict[str, Any] = dict.fromkeys(Base._fields)
    made = Settings.model_construct(data_dir=Path("data"), **settings)
    return Base(**{**values, "settings": made, "counters": Counters(), "nursery": Nursery()})


def test_the_way_to_sites() -> None:
    plain, proxied = base(), base(fetch_proxy=SecretStr("socks5://host:1080"))
    assert isinstance(make_way(plain).network, SystemNetwork)
    assert isinstance(make_way(proxied).network, ProxiedNetwork)
    make_way(plain).on_received(7)
    assert plain.counters.received == 7


def test_the_options_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    file.write_text('{"geo_bypass": true}')
    assert make_source(base(ytdlp_options=file))._options == {"geo_bypass": True}
    assert make_source(base())._options == {}
