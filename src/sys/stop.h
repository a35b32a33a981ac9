// sys/stop.h: being asked to end (interrupt, hang-up, termination) as something to look at, for
// work that has to clean up behind itself.
#ifndef HEAPWISE_SYS_STOP_H
#define HEAPWISE_SYS_STOP_H

#include <stdbool.h>

void stop_watch(void); // from now on the signals only set a mark; a second one ends at once
bool stop_asked(void);
void stop_unwatch(void); // back to how it was
int stop_signal(void);   // the signal that asked; 0: none

#endif
