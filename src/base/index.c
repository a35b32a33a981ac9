// base/index.c: open addressing, linear probing, at most two thirds full.
#include "base/index.h"

#include <string.h>

Index index_new(Arena *a) { return (Index){.arena = a}; }

static void put(IndexSlot *slots, uint32_t mask, IndexSlot slot) {
    uint32_t at = slot.hash & mask;
    while (slots[at].id) at = (at + 1) & mask;
    slots[at] = slot;
}

static void resize(Index *ix, uint32_t size) {
    IndexSlot *slots = NEW_ARRAY(ix->arena, IndexSlot, size);
    for (uint32_t i = 0; ix->slots && i <= ix->mask; i++)
        if (ix->slots[i].id) put(slots, size - 1, ix->slots[i]);
    ix->slots = slots;
    ix->mask = size - 1;
}

void index_reserve(Index *ix, uint32_t count) {
    uint32_t size = ix->slots ? ix->mask + 1 : 16;
    if (count > UINT32_MAX / 4) base_out_of("room in an index", count);
    while (size / 3 * 2 <= count) size *= 2;
    if (!ix->slots || size > ix->mask + 1) resize(ix, size);
}

static uint32_t fold_hash(uint64_t hash) { return (uint32_t)(hash ^ hash >> 32); }

void index_add(Index *ix, uint64_t hash, uint32_t id) {
    if (!id) BUG("id 0 in an index");
    index_reserve(ix, ix->count + 1);
    put(ix->slots, ix->mask, (IndexSlot){fold_hash(hash), id});
    ix->count++;
}

static void seek(IndexIter *it) {
    const Index *ix = it->index;
    while (ix->slots[it->at].id && ix->slots[it->at].hash != it->hash)
        it->at = (it->at + 1) & ix->mask;
    it->id = ix->slots[it->at].id;
}

IndexIter index_find(const Index *ix, uint64_t hash) {
    IndexIter it = {ix, 0, fold_hash(hash), 0};
    if (!ix->slots) return it;
    it.at = it.hash & ix->mask;
    seek(&it);
    return it;
}

void index_next(IndexIter *it) {
    it->at = (it->at + 1) & it->index->mask;
    seek(it);
}

StrMap strmap_new(Arena *a) { return (StrMap){.index = index_new(a)}; }

uint32_t *strmap_get(const StrMap *m, Str key) {
    for (IndexIter it = index_find(&m->index, str_hash(key)); it.id; index_next(&it))
        if (str_eq(m->entries.v[it.id - 1].key, key)) return &m->entries.v[it.id - 1].value;
    return NULL;
}

uint32_t *strmap_put(StrMap *m, Str key) {
    uint32_t *found = strmap_get(m, key);
    if (found) return found;
    vec_push(m->index.arena, &m->entries, ((StrMapEntry){key, 0}));
    index_add(&m->index, str_hash(key), m->entries.len);
    return &vec_last(&m->entries).value;
}

// ---- addresses

PtrMap ptrmap_new(Arena *a) { return (PtrMap){.arena = a}; }

static struct PtrSlot *ptr_slot(const PtrMap *m, const void *key) {
    uint32_t i = (uint32_t)hash_mix((uintptr_t)key, 0x51ed270b) & m->mask;
    while (m->slots[i].key && m->slots[i].key != key) i = (i + 1) & m->mask;
    return &m->slots[i];
}

void *ptrmap_get(const PtrMap *m, const void *key) {
    return m->slots ? ptr_slot(m, key)->value : NULL;
}

static void ptrmap_grow(PtrMap *m) {
    PtrMap bigger = {m->arena, NULL, m->slots ? m->mask * 2 + 1 : 15, m->count};
    bigger.slots = NEW_ARRAY(m->arena, struct PtrSlot, bigger.mask + 1);
    for (uint32_t i = 0; m->slots && i <= m->mask; i++)
        if (m->slots[i].key) *ptr_slot(&bigger, m->slots[i].key) = m->slots[i];
    *m = bigger;
}

void ptrmap_put(PtrMap *m, const void *key, void *value) {
    if (!m->slots || m->count * 2 > m->mask) ptrmap_grow(m);
    struct PtrSlot *s = ptr_slot(m, key);
    if (!s->key) m->count++;
    *s = (struct PtrSlot){key, value};
}
