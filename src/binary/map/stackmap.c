// binary/map: what the line table says about a frame: its size, which of its words hold pointers
// (stack maps), and the variables on it whose address is taken (stack objects). Layouts:
// runtime/symtab.go (stackmap), runtime/stack.go (stackObjectRecord), internal/abi/symtab.go.
#include "binary/map/map_internal.h"

enum { PCDATA_STACK_MAP = 1, FUNCDATA_ARGS = 0, FUNCDATA_LOCALS, FUNCDATA_OBJECTS };
enum { MAP_HEAD = 8, OBJECT_HEAD = 8, OBJECT_BYTES = 16, ENTRIES_MAX = 1 << 20 };

int32_t frame_bytes(const Binary *p, const PclnFunc *f, uint64_t pc) {
    PclnWalk w = pclntab_walk(&p->table, f->pcsp, f->entry);
    return pclntab_value_at(&w, pc);
}

static Str funcdata_from(const Binary *p, const PclnFunc *f, unsigned which) {
    uint64_t addr = binary_funcdata(p, f, which);
    return addr ? object_bytes_from(&p->object, addr) : STR("");
}

// A map that is not there is well formed: the function has no such words, or (assembly) says
// nothing.
static bool read_map(const Binary *p, Str bytes, int32_t index, FrameMap *out) {
    *out = (FrameMap){0};
    if (!bytes.len) return true;
    uint64_t n = object_word(&p->object, bytes, 0, 4), bits = object_word(&p->object, bytes, 4, 4);
    if (bytes.len < MAP_HEAD || n > ENTRIES_MAX || bits > ENTRIES_MAX) return false;
    out->known = true;
    if (index < 0 || (uint64_t)index >= n) return bits == 0;
    uint64_t each = (bits + 7) / 8;
    Str mask = str_slice(bytes, (size_t)(MAP_HEAD + (uint64_t)index * each),
                         (size_t)(MAP_HEAD + ((uint64_t)index + 1) * each));
    if (mask.len != each) return false;
    out->words = (uint32_t)bits;
    out->bits = mask;
    return true;
}

bool frame_pointers(const Binary *p, const PclnFunc *f, uint64_t pc, FramePointers *out) {
    uint32_t table = pclntab_pcdata(&p->table, f, PCDATA_STACK_MAP);
    int32_t index = -1;
    if (table && table != UINT32_MAX) {
        PclnWalk w = pclntab_walk(&p->table, table, f->entry);
        index = pclntab_value_at(&w, pc);
    }
    if (index == -1) index = 0; // the state at the function's entry, as the runtime takes it
    return read_map(p, funcdata_from(p, f, FUNCDATA_LOCALS), index, &out->locals) &&
           read_map(p, funcdata_from(p, f, FUNCDATA_ARGS), index, &out->args);
}

uint32_t frame_object_count(const Binary *p, const PclnFunc *f) {
    if (p->table.version < PCLN_118) return 0; // other words
    Str bytes = funcdata_from(p, f, FUNCDATA_OBJECTS);
    uint64_t n = bytes.len >= OBJECT_HEAD ? object_word(&p->object, bytes, 0, 8) : 0;
    return n <= (bytes.len - MIN((size_t)OBJECT_HEAD, bytes.len)) / OBJECT_BYTES ? (uint32_t)n : 0;
}

bool frame_object(const Binary *p, const PclnFunc *f, uint32_t i, FrameObject *out) {
    const Object *o = &p->object;
    Str bytes =
        str_from(funcdata_from(p, f, FUNCDATA_OBJECTS), OBJECT_HEAD + (size_t)i * OBJECT_BYTES);
    if (i >= frame_object_count(p, f)) return false;
    *out = (FrameObject){.offset = (int32_t)object_word(o, bytes, 0, 4),
                         .size_bytes = (uint32_t)object_word(o, bytes, 4, 4),
                         .pointer_bytes = (int32_t)object_word(o, bytes, 8, 4),
                         .mask = p->module.rodata + object_word(o, bytes, 12, 4)};
    return true;
}
