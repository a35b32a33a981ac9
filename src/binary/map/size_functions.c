// binary/map: claims of functions: their code, charged to the function it was written in when
// inlined, and their rows of the line table: records, names, pc tables, stack maps, inline trees.
#include <stdlib.h>
#include <string.h>

#include "binary/map/size_internal.h"

enum { PCDATA_INLINE = 2, PCDATA_MAX = 16, BUCKET_TEXT = 4096, BUCKET_BYTES = 20 };

static void push_owned(Sizer *z, OwnedVec *v, uint64_t at, uint32_t owner) {
    Owned o = {at, owner};
    vec_push(z->arena, v, o);
}

static Unit *unit_of(const Sizer *z, uint32_t number) {
    for (IndexIter it = index_find(&z->unit_places, hash_mix(number, 4)); it.id; index_next(&it))
        if (z->units.v[it.id - 1].number == number) return &z->units.v[it.id - 1];
    return NULL;
}

// The folder of the file a function starts in.
static Str folder_of(const Sizer *z, const PclnFunc *f) {
    PclnWalk w = pclntab_walk(&z->p->table, f->pcfile, f->entry);
    Str file = pclntab_step(&w) ? pclntab_file(&z->p->table, f, w.value) : STR("");
    size_t slash = str_rfind_byte(file, '/');
    return slash == STR_NONE ? STR("") : str_to(file, slash);
}

static Unit *folder_named(Sizer *z, Str folder) {
    uint32_t *place = strmap_put(&z->folder_places, folder);
    if (!*place) {
        vec_push(z->arena, &z->folders, (Unit){0});
        *place = z->folders.len;
    }
    return &z->folders.v[*place - 1];
}

// Boyer and Moore: the majority outlives the rest.
static void vote(Unit *u, Str package) {
    if (!u->votes) u->package = package;
    u->votes += str_eq(u->package, package) ? 1 : -1;
}

// A unit's package is the one most of its functions name, and so is a folder's; instances of
// generic functions and what is made for types may stand in anybody's unit.
void size_find_units(Sizer *z) {
    const Pclntab *t = &z->p->table;
    for (uint32_t i = 0; t->version != PCLN_12 && i < t->func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(t, i, &f) || f.unit == UINT32_MAX) continue;
        if (str_find_byte(f.name, '[') != STR_NONE || str_starts(f.name, STR("type:"))) continue;
        Str package = symbol_package(z->arena, f.name), folder = folder_of(z, &f);
        if (!package.len) continue;
        if (!unit_of(z, f.unit)) {
            vec_push(z->arena, &z->units, (Unit){.number = f.unit});
            index_add(&z->unit_places, hash_mix(f.unit, 4), z->units.len);
        }
        vote(unit_of(z, f.unit), package);
        if (folder.len) vote(folder_named(z, folder), package);
    }
}

Str size_unit_package(const Sizer *z, const PclnFunc *f) {
    const Unit *unit = unit_of(z, f->unit);
    if (unit) return unit->package;
    uint32_t *folder = strmap_get(&z->folder_places, folder_of(z, f)); // assembly has no unit
    return folder ? z->folders.v[*folder - 1].package : STR("");
}

// Names of functions that exist only inlined stand in the name table too; each is claimed once.
static bool already(Sizer *z, uint32_t name) {
    uint64_t hash = hash_mix(name, 3);
    for (IndexIter it = index_find(&z->names, hash); it.id; index_next(&it))
        if (it.id == name + 1) return true;
    index_add(&z->names, hash, name + 1);
    return false;
}

// The function an inlined call's code comes from.
static bool inlined_item(Sizer *z, const PclnFunc *f, int32_t index, uint32_t *out) {
    InlinedCall call;
    if (!binary_inlined_call(z->p, f, index, &call)) return false;
    *out = size_item_symbol(z, call.name);
    Str with_end = {call.name.ptr, call.name.len + 1};
    if (!already(z, call.name_offset)) size_claim_view(z, with_end, *out, SIZE_LINES);
    return true;
}

static void claim_code(Sizer *z, const PclnFunc *f, uint32_t own) {
    uint64_t at = f->entry;
    uint32_t table = pclntab_pcdata(&z->p->table, f, PCDATA_INLINE);
    if (table && table != UINT32_MAX) {
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

// A pc table may serve many functions: they share the bytes.
static void claim_values(Sizer *z, OwnedVec *values) {
    const Pclntab *t = &z->p->table;
    size_sort_owned(values);
    for (uint32_t i = 0, next; i < values->len; i = next) {
        uint64_t at = values->v[i].at;
        for (next = i + 1; next < values->len && values->v[next].at == at;) next++;
        size_t room =
            (next < values->len ? (size_t)values->v[next].at : t->values.len) - (size_t)at;
        Str bytes =
            str_to(str_from(t->values, (size_t)at), pclntab_values_bytes(t, (uint32_t)at, room));
        size_claim_split(z, bytes, values->v + i, next - i, SIZE_LINES);
    }
}

static void push_values(Sizer *z, OwnedVec *values, uint32_t offset, uint32_t owner) {
    if (offset && offset < z->p->table.values.len) push_owned(z, values, offset, owner);
}

static void claim_record(Sizer *z, const PclnFunc *f, uint32_t own, OwnedVec *values) {
    const Pclntab *t = &z->p->table;
    size_t field = t->version >= PCLN_118 ? 4 : t->pointer_bytes;
    size_claim_view(z, str_to(str_from(t->funcs, f->offset), f->record_bytes), own, SIZE_LINES);
    size_claim_view(z, str_to(str_from(t->index, (size_t)f->index * 2 * field), 2 * field), own,
                    SIZE_LINES);
    if (f->name.len) size_claim_view(z, (Str){f->name.ptr, f->name.len + 1}, own, SIZE_LINES);
    push_values(z, values, f->pcsp, own);
    push_values(z, values, f->pcfile, own);
    push_values(z, values, f->pcln, own);
    for (unsigned i = 0; i < f->pcdata_count && i < PCDATA_MAX; i++)
        push_values(z, values, pclntab_pcdata(t, f, i), own);
}

// Stack maps, inline trees and the like: each reaches to the next one; equal ones are shared. Where
// they end is not written down before Go 1.26, and up to 1.17 a few lie among the constants.
static void claim_funcdata(Sizer *z) {
    enum { LAST_BYTES = 64, REACH_MAX = 1 << 14 };
    const ModuleData *m = &z->p->module;
    OwnedVec *data = &z->funcdata;
    size_sort_owned(data);
    for (uint32_t i = 0, next; i < data->len; i = next) {
        uint64_t at = data->v[i].at, end = m->gofunc_end > at ? m->gofunc_end : at + LAST_BYTES;
        for (next = i + 1; next < data->len && data->v[next].at == at;) next++;
        uint64_t following = next < data->len ? data->v[next].at : UINT64_MAX;
        if (following < end || following - at <= REACH_MAX) end = following;
        size_claim_split(z, str_to(object_bytes_from(&z->p->object, at), (size_t)(end - at)),
                         data->v + i, next - i, SIZE_STACKMAPS);
    }
}

// The file numbers of a compilation unit, and the file names they lead to.
static void claim_units(Sizer *z) {
    const Pclntab *t = &z->p->table;
    OwnedVec units = {0}, names = {0};
    uint64_t count = t->units.len / 4;
    // The table's own length is not known before Go 1.26; the file names start behind it.
    if (t->files.ptr > t->units.ptr)
        count = MIN(count, (uint64_t)(t->files.ptr - t->units.ptr) / 4);
    for (uint32_t i = 0; i < z->units.len; i++)
        push_owned(z, &units, z->units.v[i].number, size_item_package(z, z->units.v[i].package));
    size_sort_owned(&units);
    for (uint32_t i = 0; i < units.len; i++) {
        uint64_t from = units.v[i].at, to = i + 1 < units.len ? units.v[i + 1].at : count;
        to = MIN(to, count);
        if (from >= to) continue;
        size_claim_view(z, str_slice(t->units, (size_t)from * 4, (size_t)to * 4), units.v[i].item,
                        SIZE_LINES);
        for (uint64_t k = from; k < to; k++)
            push_owned(z, &names, object_word(&z->p->object, t->units, (size_t)k * 4, 4),
                       units.v[i].item);
    }
    size_sort_owned(&names);
    for (uint32_t i = 0, next; i < names.len; i = next) { // files of inlined code: shared
        for (next = i + 1; next < names.len && names.v[next].at == names.v[i].at;) next++;
        Str name = str_from(t->files, (size_t)names.v[i].at);
        size_t len = names.v[i].at < t->files.len ? str_find_byte(name, '\0') : STR_NONE;
        if (len != STR_NONE)
            size_claim_split(z, str_to(name, len + 1), names.v + i, next - i, SIZE_LINES);
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
        size_claim(z, m->findfunctab + i * BUCKET_BYTES, BUCKET_BYTES, size_item_function(z, &f),
                   SIZE_LINES);
    }
}

// What the runtime has for the whole program: the line table's head and the module's description.
static void claim_module(Sizer *z) {
    const Object *o = &z->p->object;
    Str table = z->p->table.data;
    const char *first = z->p->table.names.ptr; // the part right behind the head
    uint32_t runtime = size_item_package(z, STR("runtime"));
    if (first > table.ptr && first < table.ptr + table.len)
        size_claim_view(z, str_to(table, (size_t)(first - table.ptr)), runtime, SIZE_LINES);
    const Section *s = object_section_at(o, z->p->module.addr);
    bool own = s && s->addr == z->p->module.addr && str_ends(s->name, STR("go_module"));
    if (own || (s && str_eq(s->name, STR(".go.module"))))
        size_claim(z, s->addr, s->size_bytes, runtime, SIZE_VARIABLES);
}

void size_claim_functions(Sizer *z) {
    const Pclntab *t = &z->p->table;
    OwnedVec values = {0};
    for (uint32_t i = 0; i < t->func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(t, i, &f) || f.end < f.entry) continue;
        uint32_t own = size_item_function(z, &f);
        claim_code(z, &f, own);
        claim_record(z, &f, own, &values);
        for (unsigned k = 0; k < f.funcdata_count; k++) {
            uint64_t at = binary_funcdata(z->p, &f, k);
            if (at) push_owned(z, &z->funcdata, at, own);
        }
    }
    claim_values(z, &values);
    claim_funcdata(z);
    claim_units(z);
    claim_buckets(z);
    claim_module(z);
}
