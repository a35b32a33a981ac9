// binary/map: claims of functions: their code, charged to the function it was written in when
// inlined, and their rows of the line table: records, names, pc tables, stack maps, inline trees.
#include <stdlib.h>
#include <string.h>

#include "binary/map/size_internal.h"

enum {
    PCDATA_INLINE = 2,
    FUNCDATA_INLINE = 3,
    PCDATA_MAX = 16,
    BUCKET_TEXT = 4096,
    BUCKET_BYTES = 20
};

typedef struct Owned { // something at an address or index that reaches to the next one
    uint64_t at;
    uint32_t item;
} Owned;

typedef VEC(Owned) OwnedVec;

static int compare_owned(const void *x, const void *y) {
    const Owned *a = x, *b = y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

static void push_owned(Sizer *z, OwnedVec *v, uint64_t at, uint32_t owner) {
    Owned o = {at, owner};
    vec_push(z->arena, v, o);
}

static void sort_owned(OwnedVec *v) {
    if (v->len) qsort(v->v, v->len, sizeof *v->v, compare_owned);
}

// Names of functions that exist only inlined stand in the name table too; each is claimed once.
static bool already(Sizer *z, uint32_t name) {
    uint64_t hash = hash_mix(name, 3);
    for (IndexIter it = index_find(&z->names, hash); it.id; index_next(&it))
        if (it.id == name) return true;
    index_add(&z->names, hash, name);
    return false;
}

// The function an inlined call's code comes from.
static bool inlined_item(Sizer *z, const PclnFunc *f, int32_t index, uint32_t *out) {
    const Pclntab *t = &z->p->table;
    uint32_t tree = pclntab_funcdata(t, f, FUNCDATA_INLINE);
    if (tree == UINT32_MAX || index < 0) return false;
    bool small = t->version == PCLN_120;
    uint64_t entry = z->p->module.gofunc + tree + (uint64_t)(uint32_t)index * (small ? 16 : 20);
    Str bytes = object_bytes_at(&z->p->object, entry, 16);
    if (!bytes.len) return false;
    uint64_t name = object_word(&z->p->object, bytes, small ? 4 : 12, 4);
    if (name >= t->names.len) return false;
    Str text = str_from(t->names, (size_t)name);
    size_t end = str_find_byte(text, '\0');
    if (end == STR_NONE || end == 0) return false;
    *out = size_item_symbol(z, str_to(text, end));
    if (!already(z, (uint32_t)name)) size_claim_view(z, str_to(text, end + 1), *out, SIZE_LINES);
    return true;
}

static void claim_code(Sizer *z, const PclnFunc *f, uint32_t own) {
    uint64_t at = f->entry;
    uint32_t table = pclntab_pcdata(&z->p->table, f, PCDATA_INLINE);
    if (table && table != UINT32_MAX && z->p->module.gofunc) {
        PclnWalk w = pclntab_walk(&z->p->table, table, f->entry);
        while (pclntab_step(&w) && w.pc <= f->end) {
            uint32_t owner = own;
            inlined_item(z, f, w.value, &owner);
            size_claim(z, at, w.pc - at, owner, SIZE_CODE);
            at = w.pc;
        }
    }
    if (at < f->end) size_claim(z, at, f->end - at, own, SIZE_CODE);
}

// A pc table may serve many functions; the first one pays.
static void claim_values(Sizer *z, Index *seen, uint32_t offset, uint32_t owner) {
    const Pclntab *t = &z->p->table;
    if (!offset || offset >= t->values.len) return;
    uint64_t hash = hash_mix(offset, 2);
    for (IndexIter it = index_find(seen, hash); it.id; index_next(&it))
        if (it.id == offset) return;
    index_add(seen, hash, offset);
    size_claim_view(z, str_to(str_from(t->values, offset), pclntab_values_bytes(t, offset)), owner,
                    SIZE_LINES);
}

static void claim_record(Sizer *z, const PclnFunc *f, uint32_t own, Index *seen) {
    const Pclntab *t = &z->p->table;
    size_t field = t->version >= PCLN_118 ? 4 : t->pointer_bytes;
    size_claim_view(z, str_to(str_from(t->funcs, f->offset), f->record_bytes), own, SIZE_LINES);
    size_claim_view(z, str_to(str_from(t->index, (size_t)f->index * 2 * field), 2 * field), own,
                    SIZE_LINES);
    if (f->name.len) size_claim_view(z, (Str){f->name.ptr, f->name.len + 1}, own, SIZE_LINES);
    claim_values(z, seen, f->pcsp, own);
    claim_values(z, seen, f->pcfile, own);
    claim_values(z, seen, f->pcln, own);
    for (unsigned i = 0; i < f->pcdata_count && i < PCDATA_MAX; i++)
        claim_values(z, seen, pclntab_pcdata(t, f, i), own);
}

// Stack maps, inline trees and the like: each reaches to the next one.
static void claim_funcdata(Sizer *z, OwnedVec *data) {
    const ModuleData *m = &z->p->module;
    sort_owned(data);
    for (uint32_t i = 0; i < data->len; i++) {
        if (i && data->v[i - 1].at == data->v[i].at) continue; // shared: the first one pays
        uint64_t at = data->v[i].at, end = m->gofunc_end > at ? m->gofunc_end : at + 64;
        for (uint32_t k = i + 1; k < data->len; k++) {
            if (data->v[k].at == at) continue;
            end = MIN(end, data->v[k].at);
            break;
        }
        size_claim(z, at, end - at, data->v[i].item, SIZE_STACKMAPS);
    }
}

// The file numbers of a compilation unit, and the file names they lead to.
static void claim_units(Sizer *z, OwnedVec *units) {
    const Pclntab *t = &z->p->table;
    uint64_t count = t->units.len / 4;
    sort_owned(units);
    for (uint32_t i = 0; i < units->len; i++) {
        uint64_t from = units->v[i].at, to = i + 1 < units->len ? units->v[i + 1].at : count;
        // The table's own length is not known before Go 1.26; the file names start behind it.
        if (t->files.ptr > t->units.ptr) to = MIN(to, (uint64_t)(t->files.ptr - t->units.ptr) / 4);
        for (uint64_t k = from; k < to && k < count; k++) {
            size_claim_view(z, str_slice(t->units, (size_t)k * 4, (size_t)k * 4 + 4),
                            units->v[i].item, SIZE_LINES);
            uint64_t offset = object_word(&z->p->object, t->units, (size_t)k * 4, 4);
            Str name = str_from(t->files, (size_t)offset);
            size_t len = offset < t->files.len ? str_find_byte(name, '\0') : STR_NONE;
            if (len != STR_NONE)
                size_claim_view(z, str_to(name, len + 1), units->v[i].item, SIZE_LINES);
        }
    }
}

// findfunctab: twenty bytes for each 4 KiB of text.
static void claim_buckets(Sizer *z) {
    const ModuleData *m = &z->p->module;
    if (!m->findfunctab) return;
    uint64_t n = (m->text.end - m->text.start + BUCKET_TEXT - 1) / BUCKET_TEXT;
    for (uint64_t i = 0; i < n; i++) {
        PclnFunc f;
        if (!pclntab_func_at(&z->p->table, m->text.start + i * BUCKET_TEXT, &f)) continue;
        size_claim(z, m->findfunctab + i * BUCKET_BYTES, BUCKET_BYTES, size_item_symbol(z, f.name),
                   SIZE_LINES);
    }
}

void size_claim_functions(Sizer *z) {
    const Pclntab *t = &z->p->table;
    OwnedVec funcdata = {0}, units = {0};
    Index seen = index_new(z->arena);
    for (uint32_t i = 0; i < t->func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(t, i, &f) || f.end < f.entry) continue;
        uint32_t own = size_item_symbol(z, f.name);
        claim_code(z, &f, own);
        claim_record(z, &f, own, &seen);
        for (unsigned k = 0; k < f.funcdata_count; k++) {
            uint32_t offset = pclntab_funcdata(t, &f, k);
            if (offset != UINT32_MAX && z->p->module.gofunc)
                push_owned(z, &funcdata, z->p->module.gofunc + offset, own);
        }
        Str package = z->items.v[own].package;
        bool new_unit = !units.len || units.v[units.len - 1].at != f.unit;
        if (f.unit != UINT32_MAX && package.len && new_unit)
            push_owned(z, &units, f.unit, size_item_package(z, package));
    }
    claim_funcdata(z, &funcdata);
    if (t->version != PCLN_12) claim_units(z, &units);
    claim_buckets(z);
}
