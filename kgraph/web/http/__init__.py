"""HTTP/1.1, as far as a WSGI application needs it: one thread that reads, answers what takes but a moment,
and writes; and others that wait for workers, for the gate and for clients.

`connection` reads requests and keeps their order, `requests` makes of one what PEP 3333 wants, `exchange` has
it answered, `server` listens, shares out the threads and stops, `watch` hangs up on who keeps it waiting.
Parsing is llhttp's (by httptools), the event loop libuv's (by uvloop).

Sources: RFC 9110 (HTTP Semantics), RFC 9112 (HTTP/1.1), PEP 3333 (WSGI).
"""
