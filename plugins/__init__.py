"""What people say and press, and the one service call that each of it makes."""
