"""What ./scripts/migrate does: takes over what another bot has left, backs up and restores."""
