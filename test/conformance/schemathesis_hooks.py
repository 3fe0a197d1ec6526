"""Parameters that OpenAPI cannot describe are left out of requests that are meant to be valid."""

import schemathesis

# cursor: opaque, only what an answer gave out is one. fields: takes members away that the schema requires.
# Idempotency-Key: with another body than the first one it is a 422.
QUERY = ("cursor", "fields")
HEADERS = ("Idempotency-Key",)


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is not None and case.meta.generation.mode.is_negative:
        return
    for container, names in ((case.query, QUERY), (case.headers, HEADERS)):
        for name in names:
            if container and name in container:
                del container[name]
