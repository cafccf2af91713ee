"""For whoever runs the server: what it does, and stopping it.

`observing` sees every request once, for the `access_log` and the `metrics`; `status` shows these, whether the
server is ready and what is being evaluated; `stopping` ends it in good order.
"""
