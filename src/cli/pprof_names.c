// cli/pprof_names.c: from addresses to lines of the program's own table.
#include "cli/pprof_names.h"

#include "binary/map/map.h"
#include "sys/file.h"

typedef struct Namer {
    Profile *p;
    const Binary *program;
    uint64_t less; // from an address of the process to one of the file
    uint64_t next_id;
    StrMap functions;
} Namer;

// Where the first executable segment is loaded: pprof counts from there.
static uint64_t load_address(const Object *o) {
    for (uint32_t i = 0; i < o->segments.len; i++) {
        const Segment *s = &o->segments.v[i];
        if (s->executable) return s->align ? s->addr - s->addr % s->align : s->addr;
    }
    return 0;
}

static uint32_t function_of(Namer *n, Str name, Str file) {
    Arena *a = n->p->arena;
    uint32_t *place = strmap_put(&n->functions, str_join3(a, name, STR("\n"), file));
    if (*place) return *place;
    *place = n->p->functions.len;
    vec_push(
        a, &n->p->functions,
        ((ProfileFunction){.id = n->next_id++, .name = name, .system_name = name, .file = file}));
    return *place;
}

static void name_location(Namer *n, ProfileLocation *l, ProfileMapping *m) {
    PclnFunc f;
    uint64_t pc = l->address - n->less;
    if (!pclntab_func_at(&n->program->table, pc, &f)) return;
    Str file = STR("");
    int32_t line = 0;
    PclnCursor c = pclntab_cursor(&n->program->table);
    if (!pclntab_locate(&c, pc, &file, &line)) line = 0;
    m->has_functions |= f.name.len > 0;
    m->has_files |= file.len > 0;
    m->has_lines |= line != 0;
    m->has_inlines = true;
    l->first_line = n->p->lines.len;
    l->line_count = 1;
    l->folded = false;
    ProfileLine one = {.line = line, .function = function_of(n, f.name, file)};
    vec_push(n->p->arena, &n->p->lines, one);
}

Err pprof_name_mapping(Arena *a, Profile *p, uint32_t mapping) {
    FileMap map;
    Binary program;
    ProfileMapping *m = &p->mappings.v[mapping];
    TRY(file_map(a, m->file, &map)); // stays mapped: names are views into it
    Err err = binary_open(p->arena, map.bytes, &program);
    if (err) {
        file_unmap(&map);
        return err;
    }
    Namer n = {p, &program, 0, 1, strmap_new(a)};
    if (m->start) n.less = m->start - load_address(&program.object);
    for (uint32_t i = 1; i < p->functions.len; i++)
        n.next_id = MAX(n.next_id, p->functions.v[i].id + 1);
    for (uint32_t i = 1; i < p->locations.len; i++)
        if (p->locations.v[i].mapping == mapping) name_location(&n, &p->locations.v[i], m);
    return NULL;
}
