// tests/fuzz/prometheus.c: any bytes as Prometheus text; what is accepted has sound figures.
#include "gc/gc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    GcSnapshot s;
    GcRates r;
    if (!prometheus_read(a, (Str){(const char *)data, size}, &s)) {
        for (int i = 0; i < GC_COUNTER_COUNT; i++) ASSERT(s.value[i] >= 0);
        ASSERT(s.pause_count <= 256);
        (void)gc_rates(a, &s, &s, 1, &r);
    }
    arena_free(a);
    return 0;
}
