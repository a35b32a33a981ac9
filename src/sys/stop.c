// sys/stop.c: see stop.h. The mark is the one thing a signal handler may write.
#include "sys/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static const int watched[] = {SIGINT, SIGTERM, SIGHUP};

static void note(int sig) {
    if (asked) _exit(128 + sig);
    asked = sig;
}

static void set(void (*handler)(int)) {
    struct sigaction act = {.sa_handler = handler};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaction(watched[i], &act, NULL);
}

void stop_watch(void) {
    asked = 0;
    set(note);
}

void stop_unwatch(void) { set(SIG_DFL); }
bool stop_asked(void) { return asked != 0; }
int stop_signal(void) { return asked; }
