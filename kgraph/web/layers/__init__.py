"""What stands before the application, each for one concern; `web.app` says in which order.

Who may ask and how much: `access`, `rates` (`clients` tells who), `turns`, `request_bodies`. What is sent:
`cache`, `compression`, `bodies`, `watched`, `security`'s headers, `problems` for refusals.
"""
