"""What runs in the media child, one process group per job. It knows yt-dlp and PyAV and dies with its job."""
