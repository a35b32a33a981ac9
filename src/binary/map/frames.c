// binary/map: which functions' source an address of code comes from: the one that holds it, and
// those inlined there. Layout: runtime/symtabinl.go.
#include "binary/map/map.h"

enum { PCDATA_INLINE = 2, FUNCDATA_INLINE = 3, INLINE_BYTES = 16 };

// The inlined call at pc: {kind u8, name u32 at 4, parent pc u32 at 8, start line u32 at 12};
// empty: none.
static Str inlined_at(const Binary *p, const PclnFunc *f, uint64_t pc) {
    uint32_t table = pclntab_pcdata(&p->table, f, PCDATA_INLINE);
    uint32_t tree = pclntab_funcdata(&p->table, f, FUNCDATA_INLINE);
    if (table == 0 || table == UINT32_MAX || tree == UINT32_MAX || !p->module.gofunc)
        return STR("");
    PclnWalk w = pclntab_walk(&p->table, table, f->entry);
    int32_t index = pclntab_value_at(&w, pc);
    if (index < 0) return STR("");
    uint64_t at = p->module.gofunc + tree + (uint64_t)(uint32_t)index * INLINE_BYTES;
    return object_bytes_at(&p->object, at, INLINE_BYTES);
}

static Str name_of(const Binary *p, Str entry) {
    Str name = str_from(p->table.names, (size_t)object_word(&p->object, entry, 4, 4));
    size_t end = str_find_byte(name, '\0');
    return end == STR_NONE ? STR("") : str_to(name, end);
}

uint32_t binary_frames(const Binary *p, uint64_t pc, BinaryFrame *out, uint32_t room) {
    PclnFunc f;
    if (!pclntab_func_at(&p->table, pc, &f)) return 0;
    for (uint32_t n = 0; n < room;) {
        Str entry = inlined_at(p, &f, pc), name = entry.len ? name_of(p, entry) : STR("");
        BinaryFrame frame = {.name = name.len ? name : f.name, .inlined = name.len > 0};
        PclnCursor c = pclntab_cursor(&p->table);
        if (!pclntab_locate(&c, pc, &frame.file, &frame.line)) frame.line = 0;
        frame.start_line =
            name.len ? (int32_t)object_word(&p->object, entry, 12, 4) : (int32_t)f.start_line;
        out[n++] = frame;
        if (!name.len) return n;
        pc = f.entry + object_word(&p->object, entry, 8, 4);
        if (pc >= f.end) return n;
    }
    return room;
}
