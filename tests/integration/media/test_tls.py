"""Sites whose https is not what it should be: nothing is taken from them, and the person is told why."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from medusa.errors import MedusaError, NotEncrypted, SourceUnreachable, SourceUntrusted
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.integration.media.conftest import IMPATIENT


def self_signed(directory: Path) -> ssl.SSLContext:
    """What a server needs whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    pem += key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (directory / "site.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "site.pem")
    return context


@asynccontextmanager
async def server(context: ssl.SSLContext | None, answer: bytes) -> AsyncIterator[int]:
    """A server that answers whatever it hears with this; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as listening:
        yield listening.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("is_signed", "answer", "kind"),
    [
        (True, b"", SourceUntrusted),
        (False, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", NotEncrypted),
        (False, b"", SourceUnreachable),
    ],
    ids=["a certificate of its own", "no encryption", "a hang-up"],
)
async def test_https(
    base: Path, tmp_path: Path, nursery: Nursery, is_signed: bool, answer: bytes, kind: type[MedusaError]
) -> None:
    context = await asyncio.to_thread(self_signed, tmp_path) if is_signed else None
    async with server(context, answer) as port:
        source = Source(base, nursery, allow=[f"127.0.0.1:{port}"], patience=IMPATIENT)
        with pytest.raises(MedusaError) as caught:
            await source.probe(f"https://127.0.0.1:{port}/video.mp4")
    assert type(caught.value) is kind, caught.value.detail
