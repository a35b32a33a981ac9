// The plot of a watch as one HTML page.
#include <math.h>

#include "harness.h"
#include "view/gc.h"
// Axes end at round figures, a point alone is a dot, and what is never known has no chart.
TEST(plot) {
    static const double rates[] = {10, NAN, 23.6, 20};
    GcRecordVec records = {0};
    for (size_t i = 0; i < COUNT(rates); i++) {
        GcRecord r = gc_record_none();
        r.at_s = (double)i;
        r.alloc_bytes = rates[i] * (1 << 20);
        r.gc_cpu = 0.5;
        vec_push(t->arena, &records, r);
    }
    Buf out = buf_new(t->arena);
    view_gc_plot(&out, &records, STR("<a&b>"));
    Str page = buf_view(&out);
    CHECK(t, str_find(page, STR(">30</text>")) != STR_NONE);
    CHECK(t, str_find(page, STR(">15</text>")) != STR_NONE);
    CHECK(t, str_find(page, STR("&lt;a&amp;b>")) != STR_NONE);
    CHECK(t, str_find(page, STR("<circle cx=\"60.0\"")) != STR_NONE); // the first, before the gap
    CHECK(t, str_find(page, STR("resident")) == STR_NONE);
    CHECK(t, str_find(page, STR("GC CPUs")) != STR_NONE); // in a legend: only what is drawn
    CHECK(t, str_find(page, STR("CPUs used")) == STR_NONE);
    size_t lines = 0;
    for (Str rest = page; rest.len;) lines += str_starts(str_line(&rest), STR("<polyline"));
    CHECK_EQ(t, lines, 3);
}
