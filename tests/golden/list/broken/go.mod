module ex.org/broken

require far.org/x
foo bar
