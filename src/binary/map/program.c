// binary/map: opening a program, and what symbols' names say.
#include <string.h>

#include "base/buf.h"
#include "binary/map/map_internal.h"

// The address of bytes that are a view into a loaded section.
static uint64_t addr_of(const Object *o, const char *ptr) {
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (s->data.len && ptr >= s->data.ptr && ptr < s->data.ptr + s->data.len)
            return s->addr + (uint64_t)(ptr - s->data.ptr);
    }
    return 0;
}

// runtime.types to runtime.etypes spans all read-only data in most programs: narrow it down to what
// the descriptors found and their names cover.
static void find_type_data(Arena *a, Binary *p) {
    ArenaMark mark = arena_mark(a);
    AbiTypeVec types = binary_types(a, p, NULL);
    AddrSpan s = {UINT64_MAX, 0};
    for (uint32_t i = 0; i < types.len; i++) {
        const AbiType *t = &types.v[i];
        s.start = MIN(s.start, t->addr);
        s.end = MAX(s.end, t->addr + t->size_bytes);
        if (!t->name.len || t->name_addr < p->module.types.start) continue;
        s.start = MIN(s.start, t->name_addr);
        s.end = MAX(s.end, t->name_addr + t->name_bytes);
    }
    arena_pop_to(mark);
    const ModuleData *m = &p->module;
    if (s.start < s.end && s.start >= m->types.start && s.end <= m->types.end)
        p->module.type_data = s;
}

Err binary_open(Arena *a, Str bytes, Binary *out) {
    Binary p = {0};
    TRY(object_open(a, bytes, &p.object));
    Err e = object_symbols(a, &p.object, &p.symbols);
    p.stripped = e != NULL || !p.symbols.len;
    TRY(pclntab_find(a, &p.object, &p.symbols, &p.table));
    p.table_addr = addr_of(&p.object, p.table.data.ptr);
    p.table_end = p.table_addr + p.table.data.len;
    binary_read_module(&p);
    // From 1.26 on the table's header has no text address; moduledata does.
    if (p.stripped && p.module.addr && p.table.version >= PCLN_118)
        p.table.text = p.module.text.start;
    binary_read_build_info(a, &p);
    find_type_data(a, &p);
    *out = p;
    return NULL;
}

// Path elements keep their dots but the last one's are written %2e.
static Str unescape(Arena *a, Str s) {
    if (str_find_byte(s, '%') == STR_NONE) return s;
    Buf out = buf_new(a);
    for (size_t i = 0; i < s.len; i++) {
        bool dot = s.len - i >= 3 &&
                   (memcmp(s.ptr + i, "%2e", 3) == 0 || memcmp(s.ptr + i, "%2E", 3) == 0);
        buf_byte(&out, dot ? '.' : s.ptr[i]);
        if (dot) i += 2;
    }
    return buf_view(&out);
}

// Where the part begins that may hold slashes and dots of its own: type arguments, method
// receivers.
static size_t plain_end(Str name) {
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '[' || name.ptr[i] == '(' || name.ptr[i] == '{') return i;
    return name.len;
}

Str symbol_package(Arena *a, Str name) {
    static const char *const heads[] = {"type:.eq.",         "type:.hash.",   "go:itab.",
                                        "type:.importpath.", "go:interface.", "type:."};
    if (str_starts(name, STR("go:interface {"))) return STR("runtime");
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_cut_prefix(&name, str_c(heads[i]))) break;
    while (name.len && (*name.ptr == '*' || *name.ptr == '[' || *name.ptr == ']')) { // of a type
        if (*name.ptr == '[') {
            size_t close = str_find_byte(name, ']');
            if (close == STR_NONE) return STR("");
            name = str_from(name, close + 1);
        } else {
            name = str_from(name, 1);
        }
    }
    Str head = str_to(name, plain_end(name));
    if (str_starts(head, STR("go:")) || str_starts(head, STR("type:")) ||
        str_starts(head, STR("go.")) || str_starts(head, STR("$")))
        return STR("");
    size_t slash = str_rfind_byte(head, '/');
    size_t from = slash == STR_NONE ? 0 : slash + 1;
    size_t dot = str_find_byte(str_from(head, from), '.');
    if (dot == STR_NONE || from + dot == 0) return STR("");
    return unescape(a, str_to(name, from + dot));
}

Str symbol_fold(Arena *a, Str name) {
    size_t open = str_find_byte(name, '[');
    if (open == STR_NONE) return name;
    int depth = 0;
    for (size_t i = open; i < name.len; i++) {
        depth += name.ptr[i] == '[' ? 1 : name.ptr[i] == ']' ? -1 : 0;
        if (depth == 0)
            return str_join3(a, str_to(name, open), STR("[...]"), str_from(name, i + 1));
    }
    return name;
}

// Standard packages have no dot in their first element (and main is the program's own).
bool package_is_std(Str package) {
    size_t slash = str_find_byte(package, '/');
    Str first = slash == STR_NONE ? package : str_to(package, slash);
    return first.len && str_find_byte(first, '.') == STR_NONE && !str_eq(package, STR("main")) &&
           !str_eq(first, STR("command-line-arguments"));
}
