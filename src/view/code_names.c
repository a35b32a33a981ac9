// view/code_names.c: symbols by address, with a bucket index: a call's target is looked up for
// every call.
#include "view/code_names.h"

#include "base/gosort.h"

enum { BUCKET_SHIFT = 10 };

static bool less_addr(const void *ctx, size_t i, size_t j) {
    const CodeNames *n = ctx;
    return n->symbols[n->order[i]].addr < n->symbols[n->order[j]].addr;
}

static void swap_order(void *ctx, size_t i, size_t j) {
    CodeNames *n = ctx;
    uint32_t *order = (uint32_t *)(uintptr_t)n->order, t = order[i];
    order[i] = order[j];
    order[j] = t;
}

// The bounds of the text itself are no functions.
static bool is_bound(Str name) {
    static const char *const bounds[] = {"runtime.text",  "text",  "_text",
                                         "runtime.etext", "etext", "_etext"};
    for (size_t i = 0; i < COUNT(bounds); i++)
        if (str_eq_c(name, bounds[i])) return true;
    return false;
}

static void sort_names(Arena *a, const SymbolVec *symbols, CodeNames *n) {
    uint32_t *order = NEW_ARRAY(a, uint32_t, symbols->len ? symbols->len : 1);
    for (uint32_t i = 0; i < symbols->len; i++) order[i] = i;
    n->order = order;
    n->symbols = symbols->v;
    gosort(&(GoSort){n, less_addr, swap_order}, symbols->len);
    for (uint32_t i = 0; i < symbols->len; i++)
        if (!is_bound(symbols->v[order[i]].name)) order[n->count++] = order[i];
    uint64_t *addrs = NEW_ARRAY(a, uint64_t, n->count ? n->count : 1);
    for (uint32_t i = 0; i < n->count; i++) addrs[i] = symbols->v[order[i]].addr;
    n->addrs = addrs;
}

// Buckets cover what the symbols span; a span that is mostly holes is searched without them.
static void index_buckets(Arena *a, CodeNames *n) {
    uint32_t first = 0;
    while (first < n->count && n->addrs[first] == 0) first++;
    if (first == n->count) return;
    n->lowest = n->addrs[first];
    uint64_t span = n->addrs[n->count - 1] - n->lowest;
    if ((span >> BUCKET_SHIFT) > (uint64_t)n->count * 64 + 1024) return;
    n->bucket_count = (span >> BUCKET_SHIFT) + 1;
    n->bucket = NEW_ARRAY(a, uint32_t, n->bucket_count);
    uint32_t at = first;
    for (uint64_t b = 0; b < n->bucket_count; b++) {
        uint64_t end = n->lowest + ((b + 1) << BUCKET_SHIFT);
        while (at < n->count && n->addrs[at] < end) at++;
        n->bucket[b] = at;
    }
}

// How many symbols start at or below addr.
static uint32_t count_below(const CodeNames *n, uint64_t addr) {
    uint32_t lo = 0, hi = n->count;
    if (n->bucket) {
        if (addr < n->lowest) return 0; // those at 0 never match
        uint64_t b = (addr - n->lowest) >> BUCKET_SHIFT;
        if (b < n->bucket_count) {
            hi = n->bucket[b];
            lo = b ? n->bucket[b - 1] : 0;
        } else {
            lo = n->count;
        }
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (addr < n->addrs[mid])
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

bool code_name_at(const void *names, uint64_t addr, Str *name, uint64_t *base) {
    const CodeNames *n = names;
    uint32_t below = count_below(n, addr);
    if (!below) return false;
    const Symbol *s = &n->symbols[n->order[below - 1]];
    if (s->addr == 0 || addr - s->addr >= s->size_bytes) return false;
    *name = s->name;
    *base = s->addr;
    return true;
}

CodeNames code_names_new(Arena *a, const SymbolVec *symbols) {
    CodeNames n = {0};
    sort_names(a, symbols, &n);
    index_buckets(a, &n);
    return n;
}
