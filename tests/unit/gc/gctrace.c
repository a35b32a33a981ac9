// gctrace lines of every release, whole, cut at every byte, torn by other text, and broken.
#include "gc/gc.h"
#include "harness.h"

// One line per shape that Go 1.18 to 1.27 write (the shape did not change between 1.18 and 1.25).
#define LINE_118                                                                                   \
    "gc 7 @0.068s 10%: 0.018+1.3+0.004 ms clock, 0.036+0.21/0.30/1.5+0.008 ms cpu, 4->5->1 MB, 4 " \
    "MB goal, 0 MB stacks, 0 MB globals, 2 P\n"
#define LINE_FORCED                                                                                \
    "gc 8 @12.001s 0%: 0.10+191+0.059 ms clock, 0.20+18/93/25+0.11 ms cpu, 103->113->55 MB, 121 "  \
    "MB goal, 1 MB stacks, 2 MB globals, 8 P (forced)\n"
#define LINE_LEAK "gc 9 @13.5s 1%"

static GcTrace *read_all(Test *t, Str text) {
    GcTrace *g = gctrace_new(t->arena);
    gctrace_feed(g, text);
    gctrace_end(g);
    return g;
}

TEST(gctrace_whole_line) {
    GcTrace *g = read_all(t, STR("hello\n" LINE_FORCED "bye"));
    CHECK_EQ(t, gctrace_cycles(g)->len, 1);
    if (gctrace_cycles(g)->len != 1) return;
    GcCycle c = gctrace_cycles(g)->v[0];
    CHECK_EQ(t, c.number, 8);
    CHECK_EQ(t, c.start_s * 1000, 12001);
    CHECK_EQ(t, c.cpu_percent, 0);
    CHECK_EQ(t, c.stop_sweep_ms * 1000, 100);
    CHECK_EQ(t, c.mark_ms, 191);
    CHECK_EQ(t, c.stop_mark_ms * 1000, 59);
    CHECK_EQ(t, c.cpu_stop_sweep_ms * 1000, 200);
    CHECK_EQ(t, c.cpu_assist_ms, 18);
    CHECK_EQ(t, c.cpu_worker_ms, 93);
    CHECK_EQ(t, c.cpu_idle_ms, 25);
    CHECK_EQ(t, c.cpu_stop_mark_ms * 1000, 110);
    CHECK_EQ(t, c.heap_start >> 20, 103);
    CHECK_EQ(t, c.heap_end >> 20, 113);
    CHECK_EQ(t, c.marked >> 20, 55);
    CHECK_EQ(t, c.goal >> 20, 121);
    CHECK_EQ(t, c.stacks >> 20, 1);
    CHECK_EQ(t, c.globals >> 20, 2);
    CHECK_EQ(t, c.procs, 8);
    CHECK(t, c.forced && !c.torn && !c.leak_check);
    CHECK_STR(t, buf_view(gctrace_foreign(g)), STR("hello\nbye"));
}

TEST(gctrace_leak_check_and_extra_lines) {
    Str text = STR("GC forced\n"
                   "gc 1 @0.5s 1%: 0.1+1.0+0.05 ms clock\n" // no line of any release
                   "gc 2 @0.512s 3% (checking for goroutine leaks): 0.018+1.3+0.004 ms clock, "
                   "0.036+0.21/0.30/1.5+0.008 ms "
                   "cpu, 4->5->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P\n"
                   "scan: total 10+200+3000=3210 objs, 4+5=9 spans\nscan: class 64B 2+3+4=9 objs, "
                   "1+1=2 spans\n"
                   "scav 12 KiB work (bg), 0 KiB work (eager), 1024 KiB now, 80% util\n"
                   "scav 1 12 KiB work, 1024 KiB total, 80% util (forced)\n");
    GcTrace *g = read_all(t, text);
    CHECK_EQ(t, gctrace_cycles(g)->len, 1);
    if (gctrace_cycles(g)->len != 1) return;
    GcCycle c = gctrace_cycles(g)->v[0];
    CHECK(t, c.leak_check);
    CHECK_EQ(t, c.objs_single, 10);
    CHECK_EQ(t, c.objs_sparse, 200);
    CHECK_EQ(t, c.objs_dense, 3000);
    CHECK_EQ(t, gctrace_counts(g).runtime, 5);
    CHECK(t, str_starts(buf_view(gctrace_foreign(g)), STR("gc 1 @0.5s")));
}

TEST(gctrace_pacer_line_makes_exact) {
    GcTrace *g =
        read_all(t, STR("pacer: assist ratio=+1.0e+000 (scan 1 MB in 3->4 MB) workers=0+2.5e-001\n"
                        "pacer: 31% CPU (25 exp.) for 1048576+2048+90000 B work (1140624 B exp.) "
                        "in 4200000 B -> "
                        "5300000 B (∆goal -12345, cons/mark +1.5e-001)\n" LINE_118 LINE_FORCED));
    CHECK_EQ(t, gctrace_cycles(g)->len, 2);
    if (gctrace_cycles(g)->len != 2) return;
    GcCycle c = gctrace_cycles(g)->v[0];
    CHECK(t, c.exact);
    CHECK_EQ(t, c.heap_start, 4200000);
    CHECK_EQ(t, c.heap_end, 5300000);
    CHECK_EQ(t, c.goal, 5312345);
    CHECK_EQ(t, c.scan_heap, 1048576);
    CHECK(t, !gctrace_cycles(g)->v[1].exact);
    CHECK_EQ(t, gctrace_foreign(g)->len, 0);
}

// A line of the runtime that is torn holds text of the program: that text is never dropped.
TEST(gctrace_torn_noise_keeps_text) {
    GcTrace *g = read_all(t, STR("pacer: assist ratio=2.8 (scan 12:00:01 request one\n"
                                 "1 MB in 3->4 MB) workers=0+0.25\n"
                                 "scan: class 64B request two\n 2+3+4=9 objs, 1+1=2 spans\n"
                                 "scan: class 48B 2+3+4=9 objs, 1+1=2 spans\n"));
    Str foreign = buf_view(gctrace_foreign(g));
    CHECK(t, str_find(foreign, STR("request one\n")) != STR_NONE);
    CHECK(t, str_find(foreign, STR("request two\n")) != STR_NONE);
    CHECK(t, str_find(foreign, STR("48B")) == STR_NONE);
}

TEST(gctrace_cut_at_every_byte) {
    Str text = STR("one\n" LINE_118 "two gc 3\ngc is slow today\n" LINE_FORCED "three\n");
    for (size_t cut = 0; cut <= text.len; cut++) {
        GcTrace *g = gctrace_new(t->arena);
        gctrace_feed(g, str_to(text, cut));
        gctrace_feed(g, str_from(text, cut));
        gctrace_end(g);
        CHECK_EQ(t, gctrace_cycles(g)->len, 2);
        CHECK_STR(t, buf_view(gctrace_foreign(g)), STR("one\ntwo gc 3\ngc is slow today\nthree\n"));
    }
}

TEST(gctrace_ends_in_the_middle) {
    Str text = STR(LINE_118 LINE_FORCED);
    for (size_t cut = sizeof LINE_118 - 1; cut < text.len; cut++) {
        GcTrace *g = read_all(t, str_to(text, cut));
        CHECK_EQ(t, gctrace_cycles(g)->len, 1); // what was read so far is kept
    }
}

TEST(gctrace_restart_and_loss) {
    GcTrace *g = read_all(t, STR("gc 41 @9.9s\n" LINE_118 LINE_118));
    CHECK_EQ(t, gctrace_counts(g).restarts, 1);
    CHECK_EQ(t, gctrace_cycles(g)->v[1].epoch, 1);
    GcTrace *h =
        read_all(t, STR("gc 3 @0.050s 1%: 0.10+1.0+0.050 ms clock, 0.10+1.0/1.0/1.0+0.050 ms cpu, "
                        "4->4->2 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P\n" LINE_118));
    CHECK_EQ(t, gctrace_counts(h).lost, 3);
    CHECK_EQ(t, gctrace_counts(h).restarts, 0);
}

// ---- tearing ----

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

// What a millisecond figure looks like in a trace.
static void put_ms(Buf *b, uint64_t *r) {
    uint64_t us = next_random(r) % (1u << (next_random(r) % 20));
    if (us >= 10000)
        buf_fmt(b, "%d", (int)(us / 1000));
    else if (us >= 1000)
        buf_fmt(b, "%d.%d", (int)(us / 1000), (int)(us / 100 % 10));
    else if (us >= 100)
        buf_fmt(b, "0.%02d", (int)(us / 10));
    else if (us > 0)
        buf_fmt(b, "0.%03d", (int)us);
    else
        buf_c(b, "0");
}

// The pieces the runtime writes one line in: '~' parts them, '#' is a figure in ms.
static StrVec line_pieces(Test *t, int number, uint64_t *r) {
    int live = (int)(next_random(r) % 900);
    Str line =
        str_fmt(t->arena,
                "gc ~%d~ @~%d.%03d~s ~%d~%%~: ~#~+~#~+~#~ ms clock, ~#~+~#~/~#~/~#~+~#~ ms cpu, "
                "~%d~->~%d~->~%d~ MB, ~%d~ MB goal, ~0~ MB stacks, ~1~ MB globals, ~2~ P~%s\n",
                number, number / 4, number * 250 % 1000, (int)(next_random(r) % 40), live * 2,
                live * 2 + 3, live, live * 2 + 2, next_random(r) % 8 ? "" : " (forced)~");
    StrVec out = {0};
    while (line.len) {
        Str piece = str_split(&line, '~');
        if (str_eq_c(piece, "#")) {
            Buf ms = buf_new(t->arena);
            put_ms(&ms, r);
            piece = buf_view(&ms);
        }
        vec_push(t->arena, &out, piece);
    }
    return out;
}

// The styles of log line that programs write.
static Str log_line(Test *t, int style, uint64_t n) {
    int id = (int)(n % 100000), s = (int)(n % 60);
    switch (style) {
    case 0:
        return str_fmt(t->arena, "2026/11/23 20:44:%02d.%06d request id=%d took %dms\n", s, id, id,
                       s);
    case 1:
        return str_fmt(t->arena,
                       "{\"time\":\"2026-11-23T20:44:%02d.%dZ\",\"level\":\"INFO\",\"n\":%d}\n", s,
                       id, id);
    case 2:
        return str_fmt(t->arena, "time=2026-11-23T20:44:%02dZ level=info msg=\"done %d\"\n", s, id);
    case 3: return str_fmt(t->arena, "I1123 20:44:%02d.%06d   1 server.go:%d] ok\n", s, id, s);
    case 4: return str_fmt(t->arena, "10.0.0.%d - - [23/Nov/2026] \"GET /%d\" 200 %d\n", s, id, id);
    case 5: return str_fmt(t->arena, "goroutine %d [running]:\n\tmain.go:%d +0x%x\n", s, id, s);
    case 6: return str_fmt(t->arena, "\n");
    }
    return str_fmt(t->arena, "%d: 4->5 MB, + 7 / 8 s %d%% @ ms cpu\n", id, s); // our own words
}

typedef struct Torn {
    StrVec lines; // each one whole
    Buf foreign;  // the text between their pieces
    int total, torn, right;
    bool foreign_right;
} Torn;

// 200 lines torn between their pieces.
static Str torn_stream(Test *t, int style, uint64_t r, Torn *out) {
    Buf stream = buf_new(t->arena);
    for (int n = 1; n <= 200; n++) {
        StrVec pieces = line_pieces(t, n, &r);
        Buf line = buf_new(t->arena);
        bool is_torn = false;
        for (uint32_t i = 0; i < pieces.len; i++) {
            buf_str(&stream, pieces.v[i]);
            buf_str(&line, pieces.v[i]);
            for (uint64_t k = next_random(&r) % 12 == 0 ? 1 + next_random(&r) % 4 : 0; k > 0; k--) {
                Str log = log_line(t, style, next_random(&r));
                buf_str(&stream, log);
                buf_str(&out->foreign, log);
                is_torn |= i + 1 < pieces.len;
            }
        }
        out->torn += is_torn;
        out->total++;
        vec_push(t->arena, &out->lines, buf_view(&line));
    }
    return buf_view(&stream);
}

// Whether a cycle of the torn stream says the same as its line says alone.
static bool same_cycle(Test *t, const GcCycleVec *have, Str line) {
    GcTrace *alone = read_all(t, line);
    CHECK_EQ(t, gctrace_cycles(alone)->len, 1);
    GcCycle want = gctrace_cycles(alone)->v[0];
    for (uint32_t k = 0; k < have->len; k++) {
        GcCycle c = have->v[k];
        if (c.number != want.number) continue;
        c.torn = want.torn;
        c.epoch = want.epoch;
        return memcmp(&c, &want, sizeof c) == 0;
    }
    return false;
}

static Torn tear(Test *t, int style, uint64_t r) {
    Torn out = {.foreign = buf_new(t->arena)};
    Str rest = torn_stream(t, style, r, &out);
    GcTrace *g = gctrace_new(t->arena);
    while (rest.len) {
        size_t n = MIN(rest.len, (size_t)(1 + next_random(&r) % 5000));
        gctrace_feed(g, str_to(rest, n));
        rest = str_from(rest, n);
    }
    gctrace_end(g);
    for (uint32_t i = 0; i < out.lines.len; i++)
        out.right += same_cycle(t, gctrace_cycles(g), out.lines.v[i]);
    out.foreign_right = str_eq(buf_view(gctrace_foreign(g)), buf_view(&out.foreign));
    return out;
}

// Lines torn between any two of their pieces come back as they were, and the rest as it was.
TEST(gctrace_torn_lines) {
    Torn all = {0};
    int foreign_right = 0;
    for (int style = 0; style < 7; style++) {
        Torn one = tear(t, style, 0x2545F4914F6CDD1D + (uint64_t)style);
        all.total += one.total, all.torn += one.torn, all.right += one.right;
        foreign_right += one.foreign_right;
    }
    CHECK(t, all.torn > 1000);
    CHECK(t, foreign_right >= 5); // of 7; blank lines are anybody's
    if (all.right * 100 < all.total * 99)
        test_fail(t, __FILE__, __LINE__, "%d of %d lines recovered, %d torn", all.right, all.total,
                  all.torn);
    if (getenv("GC_FIGURES"))
        printf("torn %d of %d lines, %d recovered\n", all.torn, all.total, all.right);
}

// Foreign lines that begin with digits and are made of the collector's own words cannot be told
// apart for sure; what is read stays in order, and no number is counted twice.
TEST(gctrace_torn_by_its_own_words) {
    Torn own = tear(t, 7, 0x2545F4914F6CDD1D);
    CHECK(t, own.right * 4 > own.total);
    if (getenv("GC_FIGURES"))
        printf("own words: torn %d of %d lines, %d recovered\n", own.torn, own.total, own.right);
}
