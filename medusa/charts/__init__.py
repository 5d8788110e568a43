"""Pictures of numbers: PNG files, drawn by a process that lives for one of them."""
