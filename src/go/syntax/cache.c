// go/syntax/cache.c: from identifier bytes to Name without asking the shared table each time.
// Keywords are entries too, so one look tells both what the word is and what it is called.
#include <string.h>

#include "base/index.h"
#include "go/syntax/syntax_internal.h"

enum { CACHE_FIRST = 1 << 12, WORD_LONG = 16 };

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

// Two words that are the identifier itself up to 16 bytes, and two hashes of a longer one.
static CachedName key_of(const uint8_t *ptr, uint32_t len, const uint8_t *readable_end) {
    if (len <= 8) return (CachedName){.low = load_short(ptr, len, readable_end), .len = len};
    CachedName k = {.low = load8(ptr), .high = load8(ptr + len - 8), .len = len};
    if (LIKELY(len <= WORD_LONG)) return k;
    for (uint32_t i = 8; i + 8 < len; i += 8) k.low = hash_mix(k.low, load8(ptr + i));
    return k;
}

static uint32_t slot_of(const SyntaxCache *c, const CachedName *k) {
    return (uint32_t)(hash_mix(k->low ^ k->len, k->high) >> 7) & c->mask;
}

static bool same(const CachedName *e, const CachedName *k, const uint8_t *ptr) {
    return e->low == k->low && e->high == k->high && e->len == k->len &&
           (k->len <= WORD_LONG || memcmp(e->ptr, ptr, k->len) == 0);
}

static void grow(SyntaxCache *c) {
    const CachedName *old = c->slots;
    uint32_t size = c->mask + 1;
    c->slots = NEW_ARRAY(c->arena, CachedName, (size_t)size * 2);
    c->mask = size * 2 - 1;
    for (uint32_t i = 0; i < size; i++) {
        if (!old[i].len) continue;
        uint32_t at = slot_of(c, &old[i]);
        while (c->slots[at].len) at = (at + 1) & c->mask;
        c->slots[at] = old[i];
    }
}

static const CachedName *add(SyntaxCache *c, Names *names, CachedName k, const uint8_t *ptr,
                             Tok tok) {
    if (++c->count > c->mask / 2) grow(c);
    k.name = name_intern(names, (Str){(const char *)ptr, k.len});
    k.ptr = name_str(names, k.name).ptr;
    k.tok = tok;
    uint32_t at = slot_of(c, &k);
    while (c->slots[at].len) at = (at + 1) & c->mask;
    c->slots[at] = k;
    return &c->slots[at];
}

const CachedName *cache_find(SyntaxCache *c, Names *names, const uint8_t *ptr, uint32_t len,
                             const uint8_t *readable_end) {
    CachedName k = key_of(ptr, len, readable_end);
    for (uint32_t at = slot_of(c, &k); c->slots[at].len; at = (at + 1) & c->mask)
        if (LIKELY(same(&c->slots[at], &k, ptr))) return &c->slots[at];
    return add(c, names, k, ptr, TOK_NAME);
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
        const uint8_t *ptr = (const uint8_t *)keywords[i].text.ptr;
        uint32_t len = (uint32_t)keywords[i].text.len;
        add(c, names, key_of(ptr, len, ptr + len), ptr, keywords[i].tok);
    }
    c->blank = name_intern(names, STR("_"));
    c->dot = name_intern(names, STR("."));
    return c;
}

void cache_free(SyntaxCache *c) {
    if (!c) return;
    arena_free(c->scratch);
    arena_free(c->arena);
}
