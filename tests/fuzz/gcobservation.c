// tests/fuzz/gcobservation.c: any bytes as an observation; what is accepted can be summed up,
// written, read back, and predicted from, with figures that are numbers.
#include <math.h>

#include "gc/gc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    GcObservation o, back;
    GcModel *m;
    if (!observation_read(a, (Str){(const char *)data, size}, &o)) {
        GcSummary s = observation_summary(a, &o);
        ASSERT(isfinite(s.live) && isfinite(s.gc_cpu_s) && s.live >= 0);
        Buf b = buf_new(a);
        observation_write(&o, &b);
        ASSERT(!observation_read(a, buf_view(&b), &back));
        if (!gc_model_new(a, &o, &m)) {
            GcPrediction p = gc_model_predict(m, 200, 64u << 20);
            ASSERT(isfinite(p.cycles.value) && isfinite(p.peak_rss.value) &&
                   p.peak_rss.low <= p.peak_rss.high);
        }
    }
    arena_free(a);
    return 0;
}
