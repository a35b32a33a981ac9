// binary/map: which functions' source an address of code comes from: the one that holds it, and
// those inlined there. Layout: runtime/symtabinl.go.
#include "binary/map/map.h"

enum { PCDATA_INLINE = 2, FUNCDATA_INLINE = 3, FUNCDATA_INLINE_12 = 4 };

uint64_t binary_funcdata(const Binary *p, const PclnFunc *f, unsigned which) {
    const Pclntab *t = &p->table;
    if (t->version >= PCLN_118) {
        uint32_t offset = pclntab_funcdata(t, f, which);
        return offset == UINT32_MAX || !p->module.gofunc ? 0 : p->module.gofunc + offset;
    }
    size_t place = pclntab_funcdata_place(t, f, which);
    uint64_t addr;
    return place && object_pointer_at(&p->object, p->table_addr + place, &addr) ? addr : 0;
}

// From Go 1.20 on: {kind u8, name u32 at 4, parent pc u32 at 8, start line u32 at 12}; before:
// {parent i16, kind u8, file u32 at 4, line u32 at 8, name u32 at 12, parent pc u32 at 16}.
bool binary_inlined_call(const Binary *p, const PclnFunc *f, int32_t index, InlinedCall *out) {
    const Pclntab *t = &p->table;
    bool lines = t->version == PCLN_120;
    uint64_t size = lines ? 16 : 20;
    uint64_t tree =
        binary_funcdata(p, f, t->version == PCLN_12 ? FUNCDATA_INLINE_12 : FUNCDATA_INLINE);
    if (!tree || index < 0) return false;
    Str entry = object_bytes_at(&p->object, tree + (uint64_t)(uint32_t)index * size, size);
    if (!entry.len) return false;
    size_t name_at = lines ? 4 : 12;
    InlinedCall call = {.name_offset = (uint32_t)object_word(&p->object, entry, name_at, 4),
                        .parent_pc = (uint32_t)object_word(&p->object, entry, name_at + 4, 4)};
    if (lines) call.start_line = (int32_t)object_word(&p->object, entry, name_at + 8, 4);
    Str text = str_from(t->names, call.name_offset);
    size_t end = str_find_byte(text, '\0');
    if (end == STR_NONE || end == 0) return false;
    call.name = str_to(text, end);
    *out = call;
    return true;
}

static bool inlined_at(const Binary *p, const PclnFunc *f, uint64_t pc, InlinedCall *out) {
    uint32_t table = pclntab_pcdata(&p->table, f, PCDATA_INLINE);
    if (table == 0 || table == UINT32_MAX) return false;
    PclnWalk w = pclntab_walk(&p->table, table, f->entry);
    return binary_inlined_call(p, f, pclntab_value_at(&w, pc), out);
}

uint32_t binary_frames(const Binary *p, uint64_t pc, BinaryFrame *out, uint32_t room) {
    PclnFunc f;
    if (!pclntab_func_at(&p->table, pc, &f)) return 0;
    for (uint32_t n = 0; n < room;) {
        InlinedCall call = {.name = f.name, .start_line = (int32_t)f.start_line};
        bool inlined = inlined_at(p, &f, pc, &call);
        BinaryFrame frame = {.name = call.name, .inlined = inlined, .start_line = call.start_line};
        PclnCursor c = pclntab_cursor(&p->table);
        if (!pclntab_locate(&c, pc, &frame.file, &frame.line)) frame.line = 0;
        out[n++] = frame;
        if (!inlined) return n;
        pc = f.entry + call.parent_pc;
        if (pc >= f.end) return n;
    }
    return room;
}
