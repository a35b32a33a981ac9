// sys/clock.h: time. Monotonic and CPU times are nanoseconds.
#ifndef HEAPWISE_SYS_CLOCK_H
#define HEAPWISE_SYS_CLOCK_H

#include <stdint.h>

uint64_t clock_ns(void);     // monotonic
uint64_t clock_cpu_ns(void); // of this process, all threads
int64_t clock_unix_ns(void); // wall clock
void clock_sleep_ms(uint32_t ms);
uint64_t clock_peak_bytes(void); // the process's largest resident size so far

#endif
