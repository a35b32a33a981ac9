// The collector's figures read out of an image of a process.
#include "live/gc_counters.h"
#include "harness.h"

typedef struct Image {
    uint64_t words[LIVE_GC_COUNT];
    int cycle_ends; // so many reads of the cycle count find another one
    bool gone;
} Image;

static bool read_image(void *context, uint64_t addr, void *out, size_t size) {
    Image *m = context;
    if (m->gone || addr >= LIVE_GC_COUNT) return false;
    if (addr == LIVE_GC_CYCLES && m->cycle_ends > 0) m->cycle_ends--, m->words[addr]++;
    memcpy(out, &m->words[addr], size);
    return true;
}

static Image image(void) {
    Image m = {0};
    m.words[LIVE_GC_PERCENT] = 100, m.words[LIVE_GC_LIMIT] = INT64_MAX;
    m.words[LIVE_GC_GOAL] = 90 << 20, m.words[LIVE_GC_MARKED] = 44 << 20;
    m.words[LIVE_GC_ALLOC] = 500 << 20, m.words[LIVE_GC_FREE] = 440 << 20;
    m.words[LIVE_GC_HEAP_FREE] = 10 << 20, m.words[LIVE_GC_MAPPED] = 80 << 20;
    m.words[LIVE_GC_CYCLES] = 7;
    m.words[LIVE_GC_HEAP_AT_START] = 80 << 20, m.words[LIVE_GC_HEAP_AT_END] = 85 << 20;
    return m;
}

static LiveGcVars at_their_number(void) {
    LiveGcVars v;
    for (int i = 0; i < LIVE_GC_COUNT; i++) v.at[i] = (uint64_t)i;
    return v;
}

TEST(gc_counters_are_read) {
    Image m = image();
    LiveGcVars vars = at_their_number();
    LiveGc g;
    CHECK_OK(t,
             live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g));
    CHECK_EQ(t, g.gogc, 100);
    CHECK_EQ(t, g.goal, 90 << 20);
    CHECK_EQ(t, g.alloc - g.freed, 60 << 20);
    CHECK_EQ(t, g.last_end - g.last_start, 5 << 20);
    CHECK_EQ(t, g.cycles, 7);
    CHECK(t, !g.marking);
    m.words[LIVE_GC_PERCENT] = 0xffffffff, m.words[LIVE_GC_PHASE] = 1;
    CHECK_OK(t,
             live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g));
    CHECK_EQ(t, g.gogc, -1);
    CHECK(t, g.marking);
}

// mapped 80, of it 10 free and 60 in objects: 10 beside them.
TEST(gc_counters_goal_under_a_limit) {
    static const struct {
        const char *name;
        uint64_t limit_mib, want;
    } rows[] = {
        {"far", 1000, 90u << 20},
        {"three per cent spared", 100, (90u << 20) - (90u << 20) / 100 * 3},
        {"at least a mebibyte spared", 60,
         44u << 20}, // 60 - 10 - 20 over = 30: below the live heap
        {"less than what is no heap", 9, 44u << 20},
    };
    LiveGcVars vars = at_their_number();
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Image m = image();
        m.words[LIVE_GC_LIMIT] = rows[i].limit_mib << 20;
        LiveGc g;
        CHECK_OK(
            t, live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g));
        CHECK_EQ(t, g.goal, rows[i].want);
    }
}

TEST(gc_counters_of_one_cycle) {
    Image m = image();
    LiveGcVars vars = at_their_number();
    LiveGc g;
    m.cycle_ends = 5;
    CHECK_OK(t,
             live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g));
    CHECK_EQ(t, g.cycles, 12);
    m.cycle_ends = 1000;
    CHECK_ERR(t,
              live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g),
              "too fast");
    m.gone = true;
    CHECK_ERR(t,
              live_gc_read(t->arena, &(LiveMemory){.read = read_image, .context = &m}, &vars, &g),
              "has ended");
}
