"""MTProto for file parts: connections that do nothing but carry them, with as little work a byte as it takes.

Pyrogram's own session is made for many small calls. A part of 512 KiB is serialized twice there, copied six
times, and encrypted and written by the thread that does everything else. The login, the key and the updates
stay with Pyrogram; these connections borrow its key (https://core.telegram.org/mtproto).
"""
