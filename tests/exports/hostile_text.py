"""Text for the worst case."""

HOSTILE = (
    '=cmd|"/C calc"!A1,\r\n<script>alert(1)</script> {{ 7*7 }} \u202egnorw\u2066 مرحبا 🚀'
    " “half ’n’ \u2028 ]]> --> &amp; \x07\\;"
)
"""Text that breaks a format which forgets to escape."""
