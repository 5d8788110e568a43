"""Downloads as durable jobs: accepted, claimed, retried, cancelled; and the copies that follow them."""
