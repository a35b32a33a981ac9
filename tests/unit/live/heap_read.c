// tests/unit/live/heap_read.c: the list of buckets, built word by word in an image of our own.
#include <string.h>

#include "harness.h"
#include "live/live.h"

enum { BASE = 0x10000, WORDS = 4096, BUCKETS_AT = 64 };

typedef struct Image {
    uint64_t words[WORDS];
    uint32_t at;   // where the next bucket goes
    uint64_t last; // address of the newest bucket, which leads to the older ones
} Image;

static const LiveHeapVars vars = {BASE, BASE + 8, BASE + 16};

static bool read_image(void *context, uint64_t addr, void *out, size_t size) {
    const Image *image = context;
    if (addr < BASE || addr - BASE > sizeof image->words) return false;
    if (size > sizeof image->words - (addr - BASE)) return false;
    memcpy(out, (const char *)image->words + (addr - BASE), size);
    return true;
}

static Image *image_new(Arena *a, uint32_t cycle, bool flushed) {
    Image *image = NEW(a, Image);
    image->at = BUCKETS_AT;
    image->words[1] = cycle << 1 | flushed;
    image->words[2] = 512 << 10;
    return image;
}

// counts: allocations of the published cycle, then of the three to come; each of 10 bytes, and half
// of them (rounded down) freed.
static void add_bucket(Image *image, uint32_t depth, const uint64_t counts[4]) {
    uint64_t *w = image->words + image->at;
    w[1] = image->last;
    w[2] = 1;
    w[5] = depth;
    for (uint32_t i = 0; i < depth; i++) w[6 + i] = 0x400000 + i;
    for (uint32_t i = 0; i < 4; i++) {
        uint64_t *c = w + 6 + depth + (size_t)i * 4;
        c[0] = counts[i];
        c[1] = counts[i] / 2;
        c[2] = counts[i] * 10;
        c[3] = counts[i] / 2 * 10;
    }
    image->words[0] = image->last = BASE + (uint64_t)image->at * 8;
    image->at += 6 + depth + 16;
}

TEST(cycles_are_published_as_the_runtime_does) {
    static const struct {
        const char *name;
        uint32_t cycle;
        bool flushed;
        uint64_t first[4], second[4], want_first, want_second;
    } rows[] = {
        {"published already", 3, true, {8, 0, 4, 6}, {2, 0, 0, 0}, 8, 2},
        {"cycle 0 waits", 3, false, {8, 2, 4, 6}, {2, 4, 0, 0}, 10, 6},
        {"cycle 1 waits", 4, false, {8, 2, 4, 6}, {0, 0, 0, 8}, 12, 0},
        {"cycle 2 waits", 5, false, {8, 2, 4, 6}, {0, 0, 0, 8}, 14, 8},
        {"no collection yet: all of them", 0, true, {0, 0, 4, 6}, {0, 0, 2, 0}, 10, 2},
        {"one that waits is enough of a collection", 0, false, {0, 0, 4, 6}, {0, 2, 2, 0}, 0, 2},
        {"the number of the cycle is large", 0x5fffffe, false, {1, 2, 4, 6}, {0, 0, 0, 8}, 5, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena, rows[i].cycle, rows[i].flushed);
        add_bucket(image, 3, rows[i].first);
        add_bucket(image, 0, rows[i].second);
        LiveHeap heap;
        CHECK_OK(t, live_heap_read(t->arena, &(LiveMemory){read_image, image}, &vars, &heap));
        CHECK_EQ(t, heap.rate, 512 << 10);
        CHECK_EQ(t, heap.records.len, 2);
        CHECK_EQ(t, heap.records.v[0].allocs, rows[i].want_second); // the newest comes first
        CHECK_EQ(t, heap.records.v[1].allocs, rows[i].want_first);
        CHECK_EQ(t, heap.records.v[1].alloc_bytes, rows[i].want_first * 10);
        CHECK_EQ(t, heap.records.v[1].depth, 3);
        CHECK_EQ(t, heap.stacks.v[heap.records.v[1].first + 2], 0x400002);
    }
}

TEST(bytes_are_counts_times_size_from_1_27_on) {
    Image *image = image_new(t->arena, 4, false); // cycle 1 waits
    uint64_t *w = image->words + BUCKETS_AT;
    w[2] = 1;
    w[4] = 48;
    w[5] = 1;
    static const uint64_t sets[] = {7, 2, 100, 100, 3, 1, 100, 100};
    memcpy(w + 7, sets, sizeof sets);
    image->words[0] = BASE + (uint64_t)BUCKETS_AT * 8;
    LiveHeapVars newer = vars;
    newer.counts_only = true;
    LiveHeap heap;
    CHECK_OK(t, live_heap_read(t->arena, &(LiveMemory){read_image, image}, &newer, &heap));
    CHECK_EQ(t, heap.records.v[0].allocs, 10);
    CHECK_EQ(t, heap.records.v[0].frees, 3);
    CHECK_EQ(t, heap.records.v[0].alloc_bytes, 480);
    CHECK_EQ(t, heap.records.v[0].free_bytes, 144);
    CHECK_EQ(t, heap.records.v[0].object_bytes, 48);
}

TEST(what_is_no_list_is_an_error) {
    static const struct {
        const char *name;
        uint32_t word; // of the older bucket, from its head on; or of the variables
        bool head;
        uint64_t value;
        const char *want;
    } rows[] = {
        {"a ring of two", 1, false, 1, "is a ring"},
        {"leads nowhere", 1, false, 0x123, "cannot be read at address 0x123"},
        {"another kind", 2, false, 3, "no memory profile bucket"},
        {"too deep", 5, false, 1025, "no memory profile bucket"},
        {"cut", 5, false, 1024, ""},
        {"the head leads nowhere", 0, true, 8, "cannot be read at address 0x8"},
    };
    static const uint64_t counts[4] = {1, 0, 0, 0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image *image = image_new(t->arena, 3, true);
        add_bucket(image, 3, counts);
        add_bucket(image, 3, counts);
        uint64_t value = rows[i].value == 1 ? image->last : rows[i].value;
        image->words[(rows[i].head ? 0 : BUCKETS_AT) + rows[i].word] = value;
        LiveHeap heap;
        Err err = live_heap_read(t->arena, &(LiveMemory){read_image, image}, &vars, &heap);
        if (!*rows[i].want) continue; // read past its end into zeros: harmless
        CHECK(t, err != NULL);
        if (err) CHECK(t, str_find(err->what, str_c(rows[i].want)) != STR_NONE);
    }
}

TEST(a_ring_ends_whatever_leads_into_it) {
    static const uint64_t counts[4] = {1, 0, 0, 0};
    for (uint32_t tail = 0; tail < 12; tail++) {
        Image *image = image_new(t->arena, 3, true);
        uint64_t first = BASE + (uint64_t)image->at * 8;
        for (uint32_t i = 0; i < 20; i++) add_bucket(image, 1, counts);
        uint64_t size = 8 * (6 + 1 + 16);
        image->words[BUCKETS_AT + 1] = first + size * (19 - tail); // the oldest leads back
        LiveHeap heap;
        CHECK_ERR(t, live_heap_read(t->arena, &(LiveMemory){read_image, image}, &vars, &heap),
                  "is a ring");
    }
}

TEST(profiling_that_is_off_says_so) {
    Image *image = image_new(t->arena, 0, false);
    LiveHeap heap;
    CHECK_OK(t, live_heap_read(t->arena, &(LiveMemory){read_image, image}, &vars, &heap));
    CHECK_EQ(t, heap.records.len, 0);
    image->words[2] = 0;
    CHECK_ERR(t, live_heap_read(t->arena, &(LiveMemory){read_image, image}, &vars, &heap),
              "memory profiling is off");
}
