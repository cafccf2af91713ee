"""For whoever runs the server: what it does.

`observing` sees every request once, for the `access_log` and the `metrics`; `status` shows these, whether the
server is ready and what is being evaluated.
"""
