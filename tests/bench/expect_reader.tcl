# Waits with Tcl expect for a pattern on standard input; prints the seconds that it took, by
# the clock and of this process's CPU time.
# Usage: expect_reader.tcl PATTERN
set pattern [lindex $argv 0]
set timeout -1
log_user 0
# Nanoseconds.
proc cpu_time {} {
    set file [open /proc/self/schedstat]
    set time [lindex [read $file] 0]
    close $file
    return $time
}
set started [clock microseconds]
set began [cpu_time]
# Its own standard input, given to spawn, makes expect crash at its end.
set input [open /dev/stdin r]
fconfigure $input -translation binary
spawn -noecho -open $input
expect {
    -re $pattern {}
    eof { puts stderr "the input ended without a match"; exit 1 }
}
puts "[expr {([clock microseconds] - $started) / 1e6}] [expr {([cpu_time] - $began) / 1e9}]"
