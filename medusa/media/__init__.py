"""Links to bytes: what yt-dlp finds, fetched in a process of its own and made ready to stream.

In the bot's process: `source` (probe and open), `stream`, `choose`, `pieces`, `proxy`. In the media child:
`child`, which alone imports yt_dlp and av.
"""
