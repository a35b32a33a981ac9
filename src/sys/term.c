// sys/term.c: the terminal.
#include "sys/term.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool term_is_tty(int fd) { return isatty(fd) == 1; }

Str env_get(const char *name) { return str_c(getenv(name)); }

uint32_t term_width(int fd) {
    uint64_t columns;
    if (str_to_u64(env_get("COLUMNS"), &columns) && columns > 0 && columns < 10000)
        return (uint32_t)columns;
    struct winsize w;
    return isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
}

bool term_wants_color(int fd) {
    return term_is_tty(fd) && !env_get("NO_COLOR").len && !str_eq_c(env_get("TERM"), "dumb");
}
