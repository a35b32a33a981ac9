// cli/pprof_symbols.c: names for the addresses of a mapping, from the Go line table of its binary:
// one frame an address, as `go tool pprof` has it. (C functions, which pprof finds through DWARF,
// stay without.)
#include <errno.h>

#include "base/index.h"
#include "base/path.h"
#include "binary/pclntab/pclntab.h"
#include "cli/pprof_cli.h"
#include "sys/file.h"
#include "sys/term.h"

// The functions added so far; those the profile had are not reused.
typedef struct Added {
    Profile *p;
    Index index;
} Added;

static uint32_t function_of(Added *f, Str name, Str file) {
    Profile *p = f->p;
    uint64_t hash = hash_mix(str_hash(name), str_hash(file));
    for (IndexIter it = index_find(&f->index, hash); it.id; index_next(&it)) {
        const ProfileFunction *have = &p->functions.v[it.id];
        if (str_eq(have->name, name) && str_eq(have->file, file)) return it.id;
    }
    uint32_t id = p->functions.len;
    name = str_copy(p->arena, name);
    vec_push(p->arena, &p->functions,
             ((ProfileFunction){
                 .id = id, .name = name, .system_name = name, .file = str_copy(p->arena, file)}));
    index_add(&f->index, hash, id);
    return id;
}

static void name_address(Added *f, uint32_t location, PclnCursor *cursor, uint64_t at) {
    Profile *p = f->p;
    ProfileLocation *l = &p->locations.v[location];
    ProfileMapping *m = &p->mappings.v[l->mapping];
    Str file;
    int32_t line;
    PclnFunc func;
    if (!pclntab_func_at(cursor->table, at, &func)) return;
    pclntab_locate(cursor, at, &file, &line);
    m->has_functions |= func.name.len > 0;
    m->has_files |= file.len > 0;
    m->has_lines |= line != 0;
    m->has_inlines = true;
    l->first_line = p->lines.len;
    l->line_count = 1;
    l->folded = false;
    vec_push(p->arena, &p->lines,
             ((ProfileLine){.line = line, .function = function_of(f, func.name, file)}));
}

static void name_mapping(Arena *a, Profile *p, uint32_t mapping, const Object *o) {
    SymbolVec symbols = {0};
    Pclntab table;
    uint64_t load = 0, offset = 0, start = p->mappings.v[mapping].start;
    (void)object_symbols(a, o, &symbols); // a program without them may still have the table
    if (pclntab_find(a, o, &symbols, &table)) return;
    if (start && object_load_address(o, &load)) offset = start - load;
    PclnCursor cursor = pclntab_cursor(&table);
    Added added = {p, index_new(a)};
    for (uint32_t i = 1; i < p->locations.len; i++)
        if (p->locations.v[i].mapping == mapping)
            name_address(&added, i, &cursor, p->locations.v[i].address - offset);
}

Err pprof_name_mapping(Profile *p, uint32_t mapping) {
    Arena *a = arena_new("symbols");
    Str path = p->mappings.v[mapping].file;
    FileMap map;
    Object object;
    errno = 0;
    Err err = file_map(a, path, &map);
    if (err) {
        err = err_new(p->arena, ERR_IO, 0, "open " STR_FMT ": %s", STR_ARG(path),
                      errno == ENOENT   ? "no such file or directory"
                      : errno == EACCES ? "permission denied"
                                        : "unrecognized object file");
    } else {
        if (object_open(a, map.bytes, &object))
            err = err_new(p->arena, ERR_FORMAT, 0, "open " STR_FMT ": unrecognized object file",
                          STR_ARG(path));
        else
            name_mapping(a, p, mapping, &object);
        file_unmap(&map);
    }
    arena_free(a);
    return err;
}

// ---- where the binaries are

// As Go's filepath.Join: what comes second stays below the first.
static Str below(Arena *a, Str dir, Str name) {
    if (dir.len == 0 || name.len == 0) return path_clean(a, dir.len ? dir : name);
    return path_clean(a, str_join3(a, dir, STR("/"), name));
}

// The names a mapping's binary may have below one directory of the search path, in pprof's order:
// by its build id (pprof's own, perf's and LLVM's layouts), by its path, and where GDB looks.
static StrVec binary_names(Arena *a, Str dir, const ProfileMapping *m) {
    StrVec names = {0};
    Str base = pprof_base(m->file), folder = path_dir(m->file), id = m->build_id;
    if (id.len) {
        Str own = below(a, dir, id);
        DirList list = {0};
        vec_push(a, &names, m->file.len ? below(a, own, base) : own);
        if (!dir_list(a, own, &list))
            for (uint32_t i = 0; i < list.len; i++)
                vec_push(a, &names, below(a, own, list.v[i].name));
        vec_push(a, &names, below(a, below(a, dir, m->file), id));
        Str rest = str_join2(a, str_from(id, MIN(id.len, (size_t)2)), STR(".debug"));
        vec_push(a, &names, below(a, below(a, dir, str_to(id, MIN(id.len, (size_t)2))), rest));
    }
    if (!m->file.len) return names;
    Str debug = str_join2(a, base, STR(".debug"));
    vec_push(a, &names, below(a, dir, base));
    vec_push(a, &names, below(a, dir, m->file));
    vec_push(a, &names, below(a, dir, str_join2(a, m->file, STR(".debug"))));
    vec_push(a, &names, below(a, below(a, dir, folder), str_join2(a, STR(".debug/"), debug)));
    vec_push(
        a, &names,
        below(a, dir, str_join3(a, STR("usr/lib/debug/"), folder, str_join2(a, STR("/"), debug))));
    return names;
}

static bool is_binary(Arena *a, Str path) {
    FileMap map;
    Object object;
    if (file_kind(path) != FILE_REGULAR || file_map(a, path, &map)) return false;
    bool is = object_open(a, map.bytes, &object) == NULL;
    file_unmap(&map);
    return is;
}

// As the go command's pprof, which knows no build ids: a mapping that has one takes none.
static bool take_binary(Arena *a, Str dir, ProfileMapping *m, Buf *messages) {
    StrVec names = binary_names(a, dir, m);
    for (uint32_t i = 0; i < names.len; i++) {
        if (!is_binary(a, names.v[i])) continue;
        if (m->build_id.len == 0) {
            m->file = names.v[i];
            return true;
        }
        buf_fmt(messages, "Ignoring local file " STR_FMT ": build-id mismatch (" STR_FMT " != )\n",
                STR_ARG(names.v[i]), STR_ARG(m->build_id));
    }
    return false;
}

void pprof_find_binaries(Profile *p, Buf *messages) {
    Str search = env_get("PPROF_BINARY_PATH");
    if (search.len == 0) search = below(p->arena, env_get("HOME"), STR("pprof/binaries"));
    StrVec dirs = {0};
    while (search.len) {
        Str dir = str_split(&search, ':');
        if (file_kind(dir.len ? dir : STR(".")) == FILE_DIR) vec_push(p->arena, &dirs, dir);
    }
    for (uint32_t i = 1; i < p->mappings.len; i++)
        for (uint32_t k = 0; k < dirs.len; k++)
            if (take_binary(p->arena, dirs.v[k], &p->mappings.v[i], messages)) break;
}
