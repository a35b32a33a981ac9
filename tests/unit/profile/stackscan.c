// tests/unit/profile/stackscan.c: blocks of ids against ids one by one, on random stacks and on
// those where an id crosses from one block into the next.
#include "profile/profile_internal.h"

#include "harness.h"

typedef struct Dice {
    uint64_t state;
} Dice;

static uint64_t roll(Dice *d, uint64_t n) {
    d->state = hash_mix(d->state + 1, 7);
    return d->state % n;
}

// The rules, as simply as they can be said.
static int64_t plain_scan(StackScan *s, const uint8_t *at, size_t len) {
    int64_t n = 0;
    StackScan seen = *s;
    for (size_t i = 0; i < len; n++) {
        uint64_t id = 0;
        size_t k = 0;
        for (; i + k < len && k < 10; k++) {
            id |= (uint64_t)(at[i + k] & 0x7f) << (7 * k);
            if (at[i + k] < 0x80) break;
        }
        if (k == 10 || i + k == len) return -1;
        i += k + 1;
        stack_note(&seen, id);
    }
    *s = seen;
    return n;
}

static size_t put_id(uint8_t *to, uint64_t id, size_t padding) {
    size_t n = 0;
    for (; id >= 0x80; id >>= 7) to[n++] = (uint8_t)(id | 0x80);
    to[n++] = (uint8_t)id;
    for (; padding > 0; padding--) { // the same number, written longer than it must be
        to[n - 1] |= 0x80;
        to[n++] = 0;
    }
    return n;
}

// One stack: mostly ids up to the largest, a few above, a few zeros, cut, or oddly written.
static size_t make_stack(Dice *d, uint8_t *to, uint64_t max) {
    size_t len = 0, ids = roll(d, 60);
    for (size_t i = 0; i < ids; i++) {
        uint64_t id = 1 + roll(d, 1 + roll(d, max));
        uint64_t kind = roll(d, 400);
        if (kind == 0) id = 0;
        if (kind == 1) id = max + roll(d, 3);
        if (kind == 2) id = max + roll(d, 1 << 22);
        len += put_id(to + len, id, kind == 3 ? roll(d, 4) : 0);
    }
    if (len && roll(d, 100) == 0) to[len - 1] |= 0x80;
    if (len && roll(d, 100) == 0) to[roll(d, len)] = (uint8_t)roll(d, 256);
    return len;
}

TEST(stack_scan_agrees) {
    static const uint64_t largest[] = {1,       100,           126,     127,    128,   200,
                                       16382,   16383,         16384,   16500,  30000, 70000,
                                       1 << 20, (1 << 21) - 1, 1 << 21, 1 << 28};
    uint8_t room[1024] = {0};
    Dice d = {1};
    for (size_t i = 0; i < COUNT(largest); i++) {
        for (int round = 0; round < 3000; round++) {
            size_t len = make_stack(&d, room + 2, largest[i]);
            StackScan want = {.max = roll(&d, 2) ? largest[i] : roll(&d, largest[i] + 1)},
                      got = want;
            int64_t n = plain_scan(&want, room + 2, len);
            CHECK_EQ(t, stack_scan(&got, room + 2, room + 2 + len), n);
            if (n < 0) continue;
            CHECK_EQ(t, got.max, want.max);
            CHECK_EQ(t, got.zero, want.zero);
        }
    }
}
