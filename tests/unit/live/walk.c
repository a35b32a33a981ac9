// tests/unit/live/walk.c: a heap of a few spans, laid out word by word in an image of our own,
// counted and compared with the statistics that stand beside it.
#include "harness.h"
#include "live/live_internal.h"

enum {
    BASE = 0x100000,
    IMAGE_BYTES = 1 << 16,
    // Where things lie in the image.
    HEAP_AT = 0x0,
    STATS_AT = 0x400,
    ALLP_AT = 0x4000,
    P_AT = 0x4100,
    CACHE_AT = 0x4200,
    LIST_AT = 0x5000,
    SPANS_AT = 0x6000,
    BITS_AT = 0x9000,
    SPAN_BYTES = 0x100,
    HEAP_START = 0x40000000,
};

typedef struct Image {
    char bytes[IMAGE_BYTES];
    uint32_t spans;
    LiveTarget target;
} Image;

static bool read_image(void *context, uint64_t addr, void *out, size_t size) {
    const Image *image = context;
    if (addr < BASE || addr - BASE > IMAGE_BYTES || size > IMAGE_BYTES - (addr - BASE))
        return false;
    memcpy(out, image->bytes + (addr - BASE), size);
    return true;
}

static void put(Image *image, uint64_t at, uint64_t value, size_t size) {
    memcpy(image->bytes + at, &value, size);
}

// A layout of our own: the reader must take every offset from the table.
static void set_layout(LiveLayout *l) {
    static const struct {
        LiveField field;
        int32_t at;
    } rows[] = {
        {LIVE_MHEAP_ALLSPANS, 8},        {LIVE_MHEAP_SWEEPGEN, 0},
        {LIVE_MHEAP_ARENAS, 40},         {LIVE_MSPAN_START, 0},
        {LIVE_MSPAN_PAGES, 8},           {LIVE_MSPAN_FREE_INDEX, 16},
        {LIVE_MSPAN_ELEMS, 18},          {LIVE_MSPAN_ALLOC_BITS, 24},
        {LIVE_MSPAN_MARK_BITS, 32},      {LIVE_MSPAN_SWEEPGEN, 40},
        {LIVE_MSPAN_ALLOC_COUNT, 44},    {LIVE_MSPAN_CLASS, 46},
        {LIVE_MSPAN_STATE, 47},          {LIVE_MSPAN_BEFORE_CACHE, 48},
        {LIVE_MSPAN_ELEM_SIZE, 56},      {LIVE_MSPAN_SPECIALS, 64},
        {LIVE_MSPAN_LARGE_TYPE, 72},     {LIVE_MSPAN_SIZE, SPAN_BYTES},
        {LIVE_ARENA_INLINE_MARKS, -1},   {LIVE_MSTATS_HEAP, 0},
        {LIVE_DELTA_LARGE_ALLOC, 48},    {LIVE_DELTA_LARGE_ALLOCS, 56},
        {LIVE_DELTA_SMALL_ALLOCS, 64},   {LIVE_DELTA_LARGE_FREE, 608},
        {LIVE_DELTA_LARGE_FREES, 616},   {LIVE_DELTA_SMALL_FREES, 624},
        {LIVE_DELTA_SIZE, 1168},         {LIVE_DELTA_IN_STACKS, 24},
        {LIVE_DELTA_IN_WORKBUFS, 32},    {LIVE_P_MCACHE, 8},
        {LIVE_MCACHE_ALLOC, 0},          {LIVE_MCACHE_SIZE, 1200},
        {LIVE_MCACHE_TINY_ALLOCS, 1096},
    };
    for (size_t i = 0; i < COUNT(rows); i++) l->at[rows[i].field] = rows[i].at;
}

static Image *image_new(Arena *a) {
    Image *image = NEW(a, Image);
    LiveTarget *t = &image->target;
    set_layout(&t->layout);
    t->memory = (LiveMemory){read_image, image, NULL};
    t->vars[LIVE_VAR_MHEAP] = BASE + HEAP_AT;
    t->vars[LIVE_VAR_MEMSTATS] = BASE + STATS_AT;
    t->vars[LIVE_VAR_ALLP] = BASE + ALLP_AT;
    put(image, HEAP_AT, 10, 4);
    put(image, HEAP_AT + 8, BASE + LIST_AT, 8);
    put(image, ALLP_AT, BASE + P_AT - 8, 8);
    put(image, ALLP_AT, BASE + ALLP_AT + 24, 8);
    put(image, ALLP_AT + 8, 1, 8);
    put(image, ALLP_AT + 24, BASE + P_AT, 8);
    put(image, P_AT + 8, BASE + CACHE_AT, 8);
    return image;
}

typedef struct SpanSpec {
    uint64_t page, pages, elem_bytes, bits;
    uint32_t elems, free_index, class, generation;
} SpanSpec;

static uint64_t add_span(Image *image, SpanSpec s) {
    uint64_t at = SPANS_AT + (uint64_t)image->spans * SPAN_BYTES;
    uint64_t bits = BITS_AT + (uint64_t)image->spans * 128;
    put(image, at, HEAP_START + s.page * LIVE_PAGE, 8);
    put(image, at + 8, s.pages, 8);
    put(image, at + 16, s.free_index, 2);
    put(image, at + 18, s.elems, 2);
    put(image, at + 24, BASE + bits, 8);
    put(image, at + 40, s.generation ? s.generation : 10, 4);
    put(image, at + 46, s.class << 1, 1);
    put(image, at + 47, LIVE_SPAN_HEAP, 1);
    put(image, at + 56, s.elem_bytes, 8);
    put(image, bits, s.bits, 8);
    put(image, LIST_AT + (uint64_t)image->spans * 8, BASE + at, 8);
    image->spans++;
    put(image, HEAP_AT + 16, image->spans, 8);
    return at;
}

static void count(Image *image, uint32_t set, uint32_t class, uint64_t made, uint64_t freed) {
    uint64_t at = STATS_AT + set * 1168;
    put(image, at + (class ? 64 + class * 8 : 56), made, 8);
    put(image, at + (class ? 624 + class * 8 : 616), freed, 8);
}

TEST(slots_are_counted_by_free_index_and_bits) {
    static const struct {
        const char *name;
        SpanSpec span;
        uint64_t live;
    } rows[] = {
        {"none", {0, 1, 128, 0, 64, 0, 10, 0}, 0},
        {"below the free index all", {0, 1, 128, 0, 64, 5, 10, 0}, 5},
        {"bits above it", {0, 1, 128, 0xf0, 64, 2, 10, 0}, 6},
        {"bits below it do not count twice", {0, 1, 128, 0xff, 64, 4, 10, 0}, 8},
        {"full", {0, 1, 128, 0, 64, 64, 10, 0}, 64},
        {"bits behind the last slot do not count", {0, 1, 512, ~(uint64_t)0, 16, 0, 20, 0}, 16},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena);
        LiveWalk w;
        add_span(image, rows[i].span);
        count(image, (uint32_t)i % 3, rows[i].span.class, rows[i].live + 7, 7);
        CHECK_OK(t, live_walk(t->arena, &image->target, &w));
        CHECK_EQ(t, w.objects, rows[i].live);
        CHECK_EQ(t, w.bytes, rows[i].live * rows[i].span.elem_bytes);
        CHECK(t, w.agrees);
    }
}

TEST(what_a_cache_holds_back_is_added) {
    static const struct {
        const char *name;
        uint32_t generation;
        bool agrees;
    } rows[] = {
        {"cached", 13, true}, {"cached before a sweep", 11, true}, {"not cached", 10, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena);
        LiveWalk w;
        uint64_t at = add_span(image, (SpanSpec){0, 1, 128, 0, 64, 9, 10, rows[i].generation});
        put(image, at + 44, 9, 2);
        put(image, at + 48, 4, 2);
        put(image, CACHE_AT + 20 * 8, BASE + at, 8);
        count(image, 0, 10, 4, 0); // five are not yet counted
        CHECK_OK(t, live_walk(t->arena, &image->target, &w));
        CHECK_EQ(t, w.objects, 9);
        CHECK_EQ(t, w.agrees, rows[i].agrees);
    }
}

TEST(equal_sums_of_unequal_classes_do_not_agree) {
    Image *image = image_new(t->arena);
    LiveWalk w;
    add_span(image, (SpanSpec){0, 1, 128, 0, 64, 1, 10, 0});
    add_span(image, (SpanSpec){1, 1, 128, 0, 64, 1, 11, 0});
    count(image, 0, 10, 2, 0);
    CHECK_OK(t, live_walk(t->arena, &image->target, &w));
    CHECK_EQ(t, w.objects, w.stats.objects);
    CHECK_EQ(t, w.bytes, w.stats.bytes);
    CHECK(t, !w.agrees);
}

TEST(spans_are_found_by_address) {
    Image *image = image_new(t->arena);
    LiveWalk w;
    add_span(image, (SpanSpec){4, 2, 16384, 0, 1, 1, 0, 0});
    add_span(image, (SpanSpec){1, 1, 128, 0, 64, 3, 10, 0});
    CHECK_OK(t, live_walk(t->arena, &image->target, &w));
    CHECK_EQ(t, w.spans.v[0].start, HEAP_START + LIVE_PAGE); // by address
    CHECK(t, !live_span_at(&w, HEAP_START));
    CHECK(t, live_span_at(&w, HEAP_START + LIVE_PAGE) == &w.spans.v[0]);
    CHECK(t, live_span_at(&w, HEAP_START + 2 * LIVE_PAGE - 1) == &w.spans.v[0]);
    CHECK(t, !live_span_at(&w, HEAP_START + 2 * LIVE_PAGE));
    CHECK(t, live_span_at(&w, HEAP_START + 6 * LIVE_PAGE - 1) == &w.spans.v[1]);
    CHECK(t, !live_span_at(&w, HEAP_START + 6 * LIVE_PAGE));
    CHECK(t, live_is_allocated(&w, &w.spans.v[0], 2));
    CHECK(t, !live_is_allocated(&w, &w.spans.v[0], 3));
}

TEST(what_is_no_heap_is_an_error) {
    static const struct {
        const char *name;
        uint64_t at, value;
        size_t size;
        const char *want;
    } rows[] = {
        {"more spans than there can be", HEAP_AT + 16, (uint64_t)1 << 40, 8, "that is no heap"},
        {"the list leads nowhere", HEAP_AT + 8, 16, 8, "cannot be read"},
        {"a span leads nowhere", LIST_AT, 16, 8, "cannot be read"},
        {"not at a page", SPANS_AT, HEAP_START + 8, 8, "no span at"},
        {"no pages", SPANS_AT + 8, 0, 8, "no span at"},
        {"more slots than fit", SPANS_AT + 18, 65, 2, "no span at"},
        {"the free index behind the slots", SPANS_AT + 16, 65, 2, "no span at"},
        {"no size", SPANS_AT + 56, 0, 8, "no span at"},
        {"another state", SPANS_AT + 47, 7, 1, "no span at"},
        {"overlapping", SPANS_AT + SPAN_BYTES, HEAP_START, 8, "overlap"},
        {"bits that are not there", SPANS_AT + 24, 8, 8, "allocation bits cannot be read"},
        {"no Ps", ALLP_AT + 8, (uint64_t)1 << 50, 8, "Ps cannot be read"},
        {"a cache that is not there", P_AT + 8, 24, 8, "cache of spans cannot be read"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena);
        LiveWalk w;
        add_span(image, (SpanSpec){0, 1, 128, 0xf0, 64, 2, 10, 0});
        add_span(image, (SpanSpec){1, 1, 128, 0xf0, 64, 2, 10, 0});
        put(image, rows[i].at, rows[i].value, rows[i].size);
        Err err = live_walk(t->arena, &image->target, &w);
        CHECK(t, err != NULL);
        if (err) CHECK(t, str_find(err->what, str_c(rows[i].want)) != STR_NONE);
    }
}

TEST(lines_of_a_memory_map) {
    LiveMappingVec maps = {0};
    CHECK_OK(t,
             live_parse_maps(t->arena,
                             STR("00400000-004e7000 r-xp 00001000 fe:00 99 /a b/prog\n"
                                 "c000000000-c000400000 rw-p 00000000 00:00 0 \n"
                                 "c000400000-c004000000 ---p 00000000 00:00 0 [anon: Go: heap]\n"),
                             &maps));
    CHECK_EQ(t, maps.len, 3);
    CHECK_EQ(t, maps.v[0].start, 0x400000);
    CHECK_EQ(t, maps.v[0].end, 0x4e7000);
    CHECK_EQ(t, maps.v[0].offset, 0x1000);
    CHECK_STR(t, maps.v[0].name, STR("/a b/prog"));
    CHECK(t, maps.v[0].executable && maps.v[0].readable && !maps.v[0].writable);
    CHECK_EQ(t, maps.v[1].name.len, 0);
    CHECK(t, !maps.v[2].readable && !maps.v[2].writable);
    CHECK_STR(t, maps.v[2].name, STR("[anon: Go: heap]"));
    CHECK_ERR(t, live_parse_maps(t->arena, STR("nonsense\n"), &maps), "makes no sense");
}

TEST(resident_bytes_of_a_range) {
    LiveRun runs[] = {{0x1000, 0x3000, 0}, {0x5000, 0x6000, 0x2000}};
    LiveResident r = {.total = 0x3000};
    r.runs.v = runs;
    r.runs.len = 2;
    CHECK_EQ(t, live_resident_in(&r, 0, 0x10000), 0x3000);
    CHECK_EQ(t, live_resident_in(&r, 0x1800, 0x2000), 0x800);
    CHECK_EQ(t, live_resident_in(&r, 0x2800, 0x5800), 0x1000);
    CHECK_EQ(t, live_resident_in(&r, 0x3000, 0x5000), 0);
    CHECK_EQ(t, live_resident_in(&r, 0x7000, 0x6000), 0);
}

TEST(stacks_are_counted_too) {
    static const struct {
        const char *name;
        uint64_t stacks, workbufs;
        bool agrees;
    } rows[] = {{"equal", 2 * LIVE_PAGE, LIVE_PAGE, true},
                {"a stack is on its way", 2 * LIVE_PAGE, 0, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena);
        LiveWalk w;
        uint64_t at = add_span(image, (SpanSpec){4, 3, 0, 0, 0, 0, 0, 0});
        put(image, at + 47, LIVE_SPAN_MANUAL, 1);
        put(image, STATS_AT + 24, rows[i].stacks, 8);
        put(image, STATS_AT + 1168 + 32, rows[i].workbufs, 8); // of another set
        CHECK_OK(t, live_walk(t->arena, &image->target, &w));
        CHECK_EQ(t, w.agrees, rows[i].agrees);
    }
}
