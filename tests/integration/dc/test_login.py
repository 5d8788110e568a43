"""How people log in, and what only they may ask."""

import pytest
from pyrogram import Client, raw
from pyrogram.errors import (
    AuthKeyUnregistered,
    BotMethodInvalid,
    PasswordHashInvalid,
    PhoneCodeExpired,
    PhoneCodeInvalid,
    PhoneNumberInvalid,
    SessionPasswordNeeded,
)

from tests.dc import DataCenter, Person
from tests.dc.client import make_client

PHONE = "491511234567"


async def test_a_person_logs_in_by_code_and_password(dc: DataCenter) -> None:
    pam = dc.person("Pam", phone=PHONE, password="secret")
    client = make_client(dc.endpoint)
    await client.connect()
    with pytest.raises(PhoneNumberInvalid):
        await client.send_phone_number_code("12")
    sent = await client.send_phone_number_code(PHONE)
    with pytest.raises(PhoneCodeInvalid):
        await client.sign_in(PHONE, sent.phone_code_hash, "0")
    with pytest.raises(PhoneCodeExpired):
        await client.sign_in(PHONE, "another hash", dc.login_code(PHONE))
    with pytest.raises(SessionPasswordNeeded):
        await client.sign_in(PHONE, sent.phone_code_hash, dc.login_code(PHONE))
    with pytest.raises(PasswordHashInvalid):
        await client.check_password("guess")
    assert (await client.check_password("secret")).id == pam.id
    assert (await client.get_me()).id == pam.id
    await client.disconnect()


async def test_without_a_password_the_code_is_enough(dc: DataCenter) -> None:
    pam = dc.person("Pam", phone=PHONE)
    client = make_client(dc.endpoint)
    await client.connect()
    sent = await client.send_phone_number_code(PHONE)
    user = await client.sign_in(PHONE, sent.phone_code_hash, dc.login_code(PHONE))
    assert getattr(user, "id", None) == pam.id
    await client.disconnect()


async def test_whose_sessions_are_ended_is_nobody_any_more(dc: DataCenter, ann: Person, user: Client) -> None:
    dc.end_sessions(ann)
    with pytest.raises(AuthKeyUnregistered):
        await user.get_me()


async def test_bots_may_not_ask_for_the_limits(client: Client, user: Client) -> None:
    async def ask(somebody: Client) -> raw.base.help.AppConfig:
        answer: raw.base.help.AppConfig = await somebody.invoke(raw.functions.help.GetAppConfig(hash=0))
        return answer

    with pytest.raises(BotMethodInvalid):
        await ask(client)
    assert isinstance(await ask(user), raw.types.help.AppConfig)
