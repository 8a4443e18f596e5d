"""Reading a payment roster (Final Closing) out of whatever file an office has; pure.

`roster.read_roster` is the way in. Nothing here knows the database or a request.
"""
