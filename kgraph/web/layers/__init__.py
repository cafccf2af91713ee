"""What stands before the application, each for one concern; `web.app` says in which order.

Who may ask and how much: `access`, `rates` (`clients` tells who), `turns`, `request_bodies`. What is sent:
`cache`, `compression`, `security`'s headers, `problems` for refusals. Connections that nobody reads from, or
that have to end in the middle: `bodies`, `stalled`, `crowding`, `watched`, `connections`.
"""
