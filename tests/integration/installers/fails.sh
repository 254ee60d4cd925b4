#!/bin/sh
# An installer that does not succeed.
echo "installing with $*"
echo "error: cannot reach the archive" >&2
exit 3
