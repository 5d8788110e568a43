"""help.* and account.*: what clients ask when they start."""

import time

from pyrogram.raw.functions.account import UpdateStatus
from pyrogram.raw.functions.help import GetAppConfig, GetConfig, GetNearestDc
from pyrogram.raw.types import (
    Config,
    DcOption,
    JsonNumber,
    JsonObject,
    JsonObjectValue,
    NearestDc,
)
from pyrogram.raw.types.help import AppConfig

from tests.dc.dispatch import Call, handles


@handles(GetConfig, anonymous=True)
def get_config(call: Call, query: GetConfig) -> Config:
    """The main address and the media address are separate options of one DC."""
    options = call.core.options
    addresses = [
        DcOption(
            id=options.dc_id,
            ip_address=host,
            port=port,
            ipv6=":" in host or None,
            media_only=media or None,
            static=True,
        )
        for media, (host, port) in call.core.addresses.items()
    ]
    now = int(time.time())
    return Config(
        date=now,
        expires=now + 3600,
        test_mode=False,
        this_dc=options.dc_id,
        dc_options=addresses,
        dc_txt_domain_name="apv3.stel.com",
        chat_size_max=200,
        megagroup_size_max=200_000,
        forwarded_count_max=100,
        online_update_period_ms=210_000,
        offline_blur_timeout_ms=5000,
        offline_idle_timeout_ms=30_000,
        online_cloud_timeout_ms=300_000,
        notify_cloud_delay_ms=30_000,
        notify_default_delay_ms=1500,
        push_chat_period_ms=60_000,
        push_chat_limit=2,
        edit_time_limit=172_800,
        revoke_time_limit=2_147_483_647,
        revoke_pm_time_limit=2_147_483_647,
        rating_e_decay=2_419_200,
        stickers_recent_limit=200,
        channels_read_media_period=604_800,
        call_receive_timeout_ms=20_000,
        call_ring_timeout_ms=90_000,
        call_connect_timeout_ms=30_000,
        call_packet_timeout_ms=10_000,
        me_url_prefix="https://t.me/",
        caption_length_max=options.caption_limit,
        message_length_max=options.text_limit,
        webfile_dc_id=options.dc_id,
    )


@handles(GetAppConfig, anonymous=True)
def get_app_config(call: Call, query: GetAppConfig) -> AppConfig:
    """The limits that clients are told: people's, and those that have not logged in."""
    if call.session.key.account is not None:
        call.refuse_bots()
    options = call.core.options
    limits = {
        "upload_max_fileparts_default": options.max_parts,
        "upload_max_fileparts_premium": options.max_parts_premium,
        "caption_length_limit_default": options.caption_limit,
    }
    values = [JsonObjectValue(key=key, value=JsonNumber(value=float(value))) for key, value in limits.items()]
    return AppConfig(hash=1, config=JsonObject(value=values))


@handles(GetNearestDc, anonymous=True)
def get_nearest_dc(call: Call, query: GetNearestDc) -> NearestDc:
    """There is only one."""
    dc_id = call.core.options.dc_id
    return NearestDc(country="NL", this_dc=dc_id, nearest_dc=dc_id)


@handles(UpdateStatus)
def update_status(call: Call, query: UpdateStatus) -> bool:
    """Nobody looks at who is online."""
    return True
