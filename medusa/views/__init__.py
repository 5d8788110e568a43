"""What the bot says: values in, text and buttons out. Pure; all wording is here and nowhere else."""
