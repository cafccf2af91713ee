"""READ: bytes to a `Document` with its `Passage`s.

Plain text, Markdown, HTML and PDF; nothing is fetched. The text stored is what a reader
sees, and every passage is an exact slice of it.
"""

from kgraph.documents.read import MAX_BYTES, MEDIA_TYPES, SUFFIXES, read_bytes, read_document

__all__ = ["MAX_BYTES", "MEDIA_TYPES", "SUFFIXES", "read_bytes", "read_document"]
