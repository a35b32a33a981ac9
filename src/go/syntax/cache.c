// go/syntax/cache.c: from identifier bytes to Name without asking the shared table each time.
// Keywords are entries too, so one look tells both what the word is and what it is called.
#include <string.h>

#include "base/index.h"
#include "go/syntax/syntax_internal.h"

// A table of all words of a large build would be slower than asking Names again now and then.
enum { CACHE_FIRST = 1 << 12, CACHE_LAST = 1 << 15, WORD_LONG = 16 };

static uint64_t load8(const uint8_t *ptr) {
    uint64_t x;
    memcpy(&x, ptr, sizeof x);
    return x;
}

static uint64_t load_short(const uint8_t *ptr, uint32_t len, const uint8_t *readable_end) {
    if (LIKELY(readable_end - ptr >= 8)) return load8(ptr) & (UINT64_MAX >> (64 - 8 * len));
    uint64_t x = 0;
    memcpy(&x, ptr, len);
    return x;
}

static uint64_t long_hash(const uint8_t *ptr, uint32_t len) {
    uint64_t h = len;
    for (uint32_t i = 0; i + 8 < len; i += 8) h = hash_mix(h, load8(ptr + i));
    return h;
}

static uint64_t hash_of(uint64_t low, uint64_t high) { return hash_mix(low, high); }

static bool same(const Names *names, const CachedName *e, const CachedName *k, Str word) {
    return e->low == k->low && e->high == k->high && e->len == k->len &&
           (word.len <= WORD_LONG || str_eq(name_str(names, e->name), word));
}

static void put(SyntaxCache *c, const CachedName *k) {
    uint32_t at = (uint32_t)(hash_of(k->low, k->high) >> 16) & c->mask;
    while (c->slots[at].len) at = (at + 1) & c->mask;
    c->slots[at] = *k;
}

static void put_keywords(SyntaxCache *c) {
    for (size_t i = 0; i < COUNT(c->keywords); i++) put(c, &c->keywords[i]);
    c->count = COUNT(c->keywords);
}

// Makes room for one more: twice as many slots, or none but the keywords.
static void make_room(SyntaxCache *c) {
    const CachedName *old = c->slots;
    uint32_t size = c->mask + 1;
    if (++c->count <= size / 2) return;
    if (size == CACHE_LAST) {
        memset(c->slots, 0, size * sizeof *c->slots);
        put_keywords(c);
        return;
    }
    c->slots = NEW_ARRAY(c->arena, CachedName, (size_t)size * 2);
    c->mask = size * 2 - 1;
    for (uint32_t i = 0; i < size; i++)
        if (old[i].len) put(c, &old[i]);
}

// Looks among all words met, and adds k, without its name yet, where it is new.
static void find(SyntaxCache *c, Names *names, CachedName *k, Str word) {
    uint32_t at = (uint32_t)(hash_of(k->low, k->high) >> 16) & c->mask;
    for (; c->slots[at].len; at = (at + 1) & c->mask) {
        if (!same(names, &c->slots[at], k, word)) continue;
        k->name = c->slots[at].name;
        k->tok = c->slots[at].tok;
        return;
    }
    k->name = name_intern(names, word);
    make_room(c);
    put(c, k);
}

Tok cache_find(SyntaxCache *c, Names *names, Str word, const uint8_t *readable_end, Name *name) {
    const uint8_t *ptr = (const uint8_t *)word.ptr;
    uint32_t len = (uint32_t)word.len;
    uint64_t low, high = len;
    if (len <= 8)
        low = load_short(ptr, len, readable_end);
    else
        low = len <= WORD_LONG ? load8(ptr) : long_hash(ptr, len), high = load8(ptr + len - 8);
    CachedName *r = &c->recent[hash_of(low, high) & (RECENT_NAMES - 1)];
    uint16_t len16 = (uint16_t)MIN(len, UINT16_MAX);
    if (UNLIKELY(r->low != low || r->high != high || r->len != len16 || len > WORD_LONG)) {
        CachedName k = {low, high, 0, len16, TOK_NAME};
        find(c, names, &k, word);
        *r = k;
    }
    *name = r->name;
    return r->tok;
}

SyntaxCache *cache_new(Names *names) {
    static const struct {
        Str text;
        Tok tok;
    } keywords[] = {
#define X(name, text) {STR_INIT(text), TOK_##name},
        SYNTAX_KEYWORDS(X)
#undef X
    };
    Arena *a = arena_new("syntax cache");
    SyntaxCache *c = NEW(a, SyntaxCache);
    c->arena = a;
    c->scratch = arena_new("syntax scratch");
    c->slots = NEW_ARRAY(a, CachedName, CACHE_FIRST);
    c->mask = CACHE_FIRST - 1;
    for (size_t i = 0; i < COUNT(keywords); i++) {
        Str word = keywords[i].text;
        CachedName *k = &c->keywords[i];
        *k = (CachedName){0, word.len, name_intern(names, word), (uint16_t)word.len,
                          keywords[i].tok};
        memcpy(&k->low, word.ptr, MIN(word.len, 8));
        if (word.len > 8) memcpy(&k->high, word.ptr + word.len - 8, 8);
    }
    put_keywords(c);
    c->blank = name_intern(names, STR("_"));
    c->dot = name_intern(names, STR("."));
    return c;
}

void cache_free(SyntaxCache *c) {
    if (!c) return;
    arena_free(c->scratch);
    arena_free(c->arena);
}
