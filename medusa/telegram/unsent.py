"""What a connection still has to bring to the other side."""

import fcntl
import struct
import termios
from socket import socket


def queued(sock: socket) -> int:
    """Bytes in the system's buffer that the other side has not taken yet (SIOCOUTQ, see tcp(7))."""
    (size,) = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))
    return int(size)
