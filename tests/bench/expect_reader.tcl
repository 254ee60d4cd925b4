# Waits with Tcl expect for a pattern on standard input; prints the seconds that it took.
# Usage: expect_reader.tcl PATTERN
set pattern [lindex $argv 0]
set timeout -1
log_user 0
set started [clock microseconds]
# Its own standard input, given to spawn, makes expect crash at its end.
set input [open /dev/stdin r]
fconfigure $input -translation binary
spawn -noecho -open $input
expect {
    -re $pattern {}
    eof { puts stderr "the input ended without a match"; exit 1 }
}
puts [expr {([clock microseconds] - $started) / 1e6}]
