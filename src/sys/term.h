// sys/term.h: what the terminal is and wants; the environment.
#ifndef HEAPWISE_SYS_TERM_H
#define HEAPWISE_SYS_TERM_H

#include "base/str.h"

bool term_is_tty(int fd);
uint32_t term_width(int fd);   // columns; 0 when it is no terminal. $COLUMNS overrides
bool term_wants_color(int fd); // a terminal, NO_COLOR not set, TERM not dumb
Str env_get(const char *name); // empty when not set

#endif
