// The live view: newest values, bars scaled to the largest, gaps where nothing is known.
#include <math.h>

#include "harness.h"
#include "view/gc.h"

TEST(live_view) {
    GcRecordVec records = {0};
    Buf out = buf_new(t->arena);
    view_gc_live(&out, &records, STR("http://x"), 80);
    CHECK(t, str_find(buf_view(&out), STR("waiting")) != STR_NONE);
    static const double rates[] = {0, 50, NAN, 100};
    for (size_t i = 0; i < COUNT(rates); i++) {
        GcRecord r = gc_record_none();
        r.alloc_bytes = rates[i] * (1 << 20);
        vec_push(t->arena, &records, r);
    }
    out.len = 0;
    view_gc_live(&out, &records, STR("http://x"), 80);
    CHECK(t, str_find(buf_view(&out), STR("100 MiB/s ▁▄ █\n")) != STR_NONE);
    CHECK(t, str_find(buf_view(&out), STR("RSS")) == STR_NONE); // never known
    for (int i = 0; i < 500; i++) vec_push(t->arena, &records, records.v[3]);
    out.len = 0;
    view_gc_live(&out, &records, STR("http://x"), 60);
    Str rest = buf_view(&out);
    while (rest.len) CHECK(t, str_line(&rest).len < 60 * 3); // a bar is three bytes
}
