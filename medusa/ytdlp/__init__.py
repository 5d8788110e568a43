"""Which yt-dlp is used: decided once for all processes, and followed by each of them."""
