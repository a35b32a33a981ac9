// What the sort leaves for equal keys was recorded from Go 1.26's sort.Slice on the same input.
#include "base/gosort.h"
#include "harness.h"

typedef struct Pairs {
    int key[200], id[200];
} Pairs;

static bool less(const void *ctx, size_t i, size_t j) {
    const Pairs *p = ctx;
    return p->key[i] < p->key[j];
}

static void swap(void *ctx, size_t i, size_t j) {
    Pairs *p = ctx;
    int key = p->key[i], id = p->id[i];
    p->key[i] = p->key[j];
    p->id[i] = p->id[j];
    p->key[j] = key;
    p->id[j] = id;
}

// A number that depends on the place of every element.
static uint32_t fingerprint(const Pairs *p, size_t n) {
    uint32_t h = 1;
    for (size_t i = 0; i < n; i++) h = h * 31 + (uint32_t)p->id[i];
    return h;
}

TEST(gosort_ties) {
    static const struct {
        const char *name;
        int n, kind;
        uint32_t want;
    } rows[] = {
        {"mixed 5", 5, 0, 28660961u},        {"falling 5", 5, 1, 31518911u},
        {"rising 5", 5, 2, 28660961u},       {"squares 5", 5, 3, 28660961u},
        {"mixed 12", 12, 0, 1220063813u},    {"falling 12", 12, 1, 2166786747u},
        {"rising 12", 12, 2, 3681501831u},   {"squares 12", 12, 3, 3263856445u},
        {"mixed 13", 13, 0, 3462240027u},    {"falling 13", 13, 1, 1185523237u},
        {"rising 13", 13, 2, 2457407077u},   {"squares 13", 13, 3, 2395302149u},
        {"mixed 60", 60, 0, 114596101u},     {"falling 60", 60, 1, 3607529161u},
        {"rising 60", 60, 2, 2745199775u},   {"squares 60", 60, 3, 1475346185u},
        {"mixed 200", 200, 0, 1170779553u},  {"falling 200", 200, 1, 1827196023u},
        {"rising 200", 200, 2, 2458136421u}, {"squares 200", 200, 3, 821122577u},
    };
    for (size_t r = 0; r < COUNT(rows); r++) {
        t->row = rows[r].name;
        Pairs p;
        for (int i = 0; i < rows[r].n; i++) {
            p.id[i] = i;
            p.key[i] = rows[r].kind == 0   ? i * 7919 % 13
                       : rows[r].kind == 1 ? -i / 3
                       : rows[r].kind == 2 ? i / 5
                                           : i * i % 50;
        }
        gosort(&(GoSort){&p, less, swap}, (size_t)rows[r].n);
        for (int i = 1; i < rows[r].n; i++) CHECK(t, p.key[i - 1] <= p.key[i]);
        CHECK_EQ(t, fingerprint(&p, (size_t)rows[r].n), rows[r].want);
    }
}
