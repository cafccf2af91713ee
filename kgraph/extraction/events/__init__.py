"""Events: words that tell of one, its arguments and circumstances, and which reports are of one event."""
