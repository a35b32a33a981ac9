// base/intern.c: 64 shards, each an open table of ids whose slots are published atomically; a
// reader that misses takes the shard's lock and looks again before it adds.
#include "base/intern.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 64, CHUNK_BITS = 12, CHUNK = 1 << CHUNK_BITS, CHUNKS = 1 << 14, TABLE_FIRST = 256 };

typedef struct Entry {
    Str text;
    uint64_t hash;
} Entry;

typedef struct Table {
    struct Table *older; // kept until the end: a reader may still walk it
    uint32_t mask;
    _Atomic uint32_t slots[];
} Table;

typedef struct Shard {
    alignas(64) atomic_flag lock;
    _Atomic(Table *) table;
    uint32_t count;
    Arena *arena;
} Shard;

struct Names {
    Shard shards[SHARDS];
    _Atomic(Entry *) chunks[CHUNKS]; // entry of name n: chunks[n >> CHUNK_BITS][n & (CHUNK-1)]
    _Atomic uint32_t next;
};

static void lock(Shard *s) {
    while (atomic_flag_test_and_set_explicit(&s->lock, memory_order_acquire)) sched_yield();
}

static void unlock(Shard *s) { atomic_flag_clear_explicit(&s->lock, memory_order_release); }

static Table *table_new(uint32_t size) {
    Table *t = calloc(1, sizeof(Table) + size * sizeof(_Atomic uint32_t));
    if (!t) base_out_of("memory", size * sizeof(uint32_t));
    t->mask = size - 1;
    return t;
}

Names *names_new(void) {
    Names *ns = aligned_alloc(64, (sizeof *ns + 63) / 64 * 64);
    if (!ns) base_out_of("memory", sizeof *ns);
    memset(ns, 0, sizeof *ns);
    atomic_init(&ns->next, 1);
    for (int i = 0; i < SHARDS; i++) {
        ns->shards[i].arena = arena_new("names");
        atomic_init(&ns->shards[i].table, table_new(TABLE_FIRST));
    }
    return ns;
}

void names_free(Names *ns) {
    if (!ns) return;
    for (int i = 0; i < SHARDS; i++) {
        for (Table *t = atomic_load(&ns->shards[i].table), *older; t; t = older) {
            older = t->older;
            free(t);
        }
        arena_free(ns->shards[i].arena);
    }
    for (int i = 0; i < CHUNKS; i++) free(atomic_load(&ns->chunks[i]));
    free(ns);
}

static const Entry *entry_of(const Names *ns, Name n) {
    Entry *chunk = atomic_load_explicit(&ns->chunks[n >> CHUNK_BITS], memory_order_acquire);
    return &chunk[n & (CHUNK - 1)];
}

Str name_str(const Names *ns, Name n) { return n ? entry_of(ns, n)->text : (Str){"", 0}; }

static Name look_up(const Names *ns, const Table *t, Str text, uint64_t hash) {
    for (uint32_t at = (uint32_t)hash & t->mask;; at = (at + 1) & t->mask) {
        Name n = atomic_load_explicit(&t->slots[at], memory_order_acquire);
        if (!n) return 0;
        const Entry *e = entry_of(ns, n);
        if (e->hash == hash && str_eq(e->text, text)) return n;
    }
}

static void file_under(Table *t, uint64_t hash, Name n) {
    uint32_t at = (uint32_t)hash & t->mask;
    while (atomic_load_explicit(&t->slots[at], memory_order_relaxed)) at = (at + 1) & t->mask;
    atomic_store_explicit(&t->slots[at], n, memory_order_release);
}

static Table *table_grow(const Names *ns, Table *old) {
    Table *t = table_new((old->mask + 1) * 2);
    t->older = old;
    for (uint32_t i = 0; i <= old->mask; i++) {
        Name n = atomic_load_explicit(&old->slots[i], memory_order_relaxed);
        if (n) file_under(t, entry_of(ns, n)->hash, n);
    }
    return t;
}

static Entry *entry_new(Names *ns, Name n) {
    if (n >> CHUNK_BITS >= CHUNKS) base_out_of("room for names", CHUNK);
    _Atomic(Entry *) *place = &ns->chunks[n >> CHUNK_BITS];
    Entry *chunk = atomic_load_explicit(place, memory_order_acquire);
    if (!chunk) {
        Entry *fresh = calloc(CHUNK, sizeof *fresh);
        if (!fresh) base_out_of("memory", CHUNK * sizeof *fresh);
        if (atomic_compare_exchange_strong(place, &chunk, fresh))
            chunk = fresh;
        else
            free(fresh);
    }
    return &chunk[n & (CHUNK - 1)];
}

static Name add(Names *ns, Shard *s, Str text, uint64_t hash) {
    Table *t = atomic_load_explicit(&s->table, memory_order_relaxed);
    Name n = atomic_fetch_add(&ns->next, 1);
    *entry_new(ns, n) = (Entry){str_copy(s->arena, text), hash};
    if (++s->count > t->mask / 2) {
        t = table_grow(ns, t);
        atomic_store_explicit(&s->table, t, memory_order_release);
    }
    file_under(t, hash, n);
    return n;
}

Name name_intern(Names *ns, Str text) {
    uint64_t hash = str_hash(text);
    Shard *s = &ns->shards[hash >> 58];
    Name n = look_up(ns, atomic_load_explicit(&s->table, memory_order_acquire), text, hash);
    if (n) return n;
    lock(s);
    n = look_up(ns, atomic_load_explicit(&s->table, memory_order_relaxed), text, hash);
    if (!n) n = add(ns, s, text, hash);
    unlock(s);
    return n;
}
