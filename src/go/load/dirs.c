// go/load: directories read once each: their Go files' headers, their sub-directories, whether a
// module starts there. Many are read at a time; the results depend on none of the order.
#include "go/load/load_internal.h"

#include "sys/clock.h"
#include "sys/dirscan.h"

enum { FIRST_PART = 8 << 10, SECOND_PART = 64 << 10 }; // most headers are shorter, nearly all

struct Dirs {
    const Env *env;
    Tasks *tasks;
    Arena *arena;    // of the caller's thread: the table
    Arena **workers; // one per worker: what the directories hold
    char **buffers;
    StrMap by_path; // places in all
    VEC(Dir *) all;
    U32Vec wanted; // to be read by the next run
    bool keep_bytes, keep_tests, build_only;
};

Dirs *dirs_new(Arena *a, const Env *env, bool build_only) {
    Dirs *d = NEW(a, Dirs);
    d->env = env;
    d->arena = a;
    d->tasks = tasks_new(0);
    d->by_path = strmap_new(a);
    d->keep_bytes = env->config->keep_bytes;
    d->keep_tests = env->config->tests;
    d->build_only = build_only;
    uint32_t n = tasks_workers(d->tasks);
    d->workers = NEW_ARRAY(a, Arena *, n);
    d->buffers = NEW_ARRAY(a, char *, n);
    for (uint32_t i = 0; i < n; i++) {
        d->workers[i] = arena_new("go/load worker");
        d->buffers[i] = NEW_ARRAY(d->workers[i], char, SECOND_PART);
    }
    return d;
}

void dirs_free(Dirs *d) {
    if (!d) return;
    for (uint32_t i = 0; i < tasks_workers(d->tasks); i++) arena_free(d->workers[i]);
    tasks_free(d->tasks);
}

SourceKind source_kind(Str name) {
    static const struct {
        const char *ext;
        SourceKind kind;
    } kinds[] = {
        {".go", SOURCE_GO},
        {".s", SOURCE_S},
        {".h", SOURCE_H},
        {".c", SOURCE_C},
        {".S", SOURCE_BIG_S},
        {".sx", SOURCE_BIG_S},
        {".cc", SOURCE_CXX},
        {".cpp", SOURCE_CXX},
        {".cxx", SOURCE_CXX},
        {".hh", SOURCE_H},
        {".hpp", SOURCE_H},
        {".hxx", SOURCE_H},
        {".m", SOURCE_M},
        {".f", SOURCE_F},
        {".F", SOURCE_F},
        {".for", SOURCE_F},
        {".f90", SOURCE_F},
        {".swig", SOURCE_SWIG},
        {".swigcxx", SOURCE_SWIGCXX},
        {".syso", SOURCE_SYSO},
    };
    Str ext = path_ext(name);
    if (ext.len == 0) return SOURCE_NONE;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq_c(ext, kinds[i].ext)) return kinds[i].kind;
    return SOURCE_NONE;
}

// ---- one file -------------------------------------------------------------------------------

typedef struct Reading {
    Dirs *dirs;
    Arena *arena;
    char *buffer;
    DirScan scan;
    Dir *dir;
    Str text;    // of the file under way, as much as was read
    bool is_all; // nothing follows
} Reading;

static void judge(Reading *r, DirFile *f) {
    const BuildTags *tags = &r->dirs->env->tags;
    const FileHeader *h = &f->header;
    f->fits = true;
    if (h->go_build.len > 0) {
        Constraint *c = constraint_parse(r->arena, h->go_build, &f->constraint_error);
        f->fits = c && constraint_holds(c, tags);
        return;
    }
    for (uint32_t i = 0; i < h->plus_build.len; i++) {
        Str error;
        Constraint *c = constraint_parse(r->arena, h->plus_build.v[i], &error);
        if (c && !constraint_holds(c, tags)) f->fits = false;
    }
}

// The file's first bytes, in the buffer.
static bool read_part(Reading *r, const DirFile *f, size_t part) {
    size_t n = dirscan_read(&r->scan, f->name, r->buffer, part);
    if (n == SCAN_FAILED) return false;
    r->text = (Str){r->buffer, n};
    r->is_all = n < part;
    return true;
}

static bool read_whole(Reading *r, const DirFile *f) {
    for (size_t cap = SECOND_PART * 4;; cap *= 4) {
        char *p = NEW_ARRAY(r->arena, char, cap);
        size_t n = dirscan_read(&r->scan, f->name, p, cap);
        if (n == SCAN_FAILED) return false;
        r->text = (Str){p, n};
        r->is_all = true;
        if (n < cap) return true;
    }
}

static bool wants_bytes(const Reading *r, const DirFile *f) {
    if (!r->dirs->keep_bytes || !f->fits || !f->name_fits) return false;
    return r->dirs->keep_tests || !str_ends(f->name, STR("_test.go"));
}

// As much of the file as its header takes.
static bool read_header(Reading *r, DirFile *f) {
    static const size_t parts[] = {FIRST_PART, SECOND_PART};
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!read_part(r, f, parts[i])) return false;
        bool more = false;
        header_read(r->arena, r->text, r->is_all ? NULL : &more, &f->header);
        if (!more) return true;
    }
    if (!read_whole(r, f)) return false;
    header_read(r->arena, r->text, NULL, &f->header);
    return true;
}

static void read_go_file(Reading *r, DirFile *f) {
    f->unreadable = !read_header(r, f);
    if (f->unreadable) return;
    header_keep(r->arena, &f->header);
    judge(r, f);
    if (!wants_bytes(r, f)) return;
    if (!r->is_all && !read_whole(r, f)) return;
    f->bytes = r->text.ptr == r->buffer ? str_copy(r->arena, r->text) : r->text;
}

static void read_other_file(Reading *r, DirFile *f) {
    f->fits = true;
    if (f->kind == SOURCE_SYSO || !f->name_fits) return;
    f->unreadable = !read_part(r, f, SECOND_PART);
    if (f->unreadable) return;
    header_read_constraints(r->arena, r->text, &f->header);
    header_keep(r->arena, &f->header);
    judge(r, f);
}

static bool is_of_build(const DirFile *f) {
    return f->name_fits && !str_ends(f->name, STR("_test.go"));
}

// ---- one directory --------------------------------------------------------------------------

static void take_entry(Reading *r, const DirEntry *e) {
    Dir *d = r->dir;
    if (e->kind == FILE_DIR) {
        if (!e->is_link)
            vec_push(r->arena, &d->subdirs, e->name);
        else
            vec_push(r->arena, &d->linked_dirs, e->name);
        return;
    }
    if (e->kind == FILE_REGULAR && str_eq_c(e->name, "go.mod")) d->has_go_mod = true;
    if (e->name.ptr[0] == '_' || e->name.ptr[0] == '.' || e->kind == FILE_OTHER) return;
    SourceKind kind = source_kind(e->name);
    if (kind == SOURCE_NONE) return;
    DirFile *f = vec_add(r->arena, &d->files);
    f->name = e->name;
    f->kind = kind;
    f->name_fits = tags_match_file(&r->dirs->env->tags, e->name);
    if (kind == SOURCE_GO) d->has_go = true;
}

// With of_build: those whose names do not keep them out of it.
static void read_files(Reading *r, bool of_build) {
    for (uint32_t i = 0; i < r->dir->files.len; i++) {
        DirFile *f = &r->dir->files.v[i];
        if (f->kind != SOURCE_GO)
            read_other_file(r, f);
        else if (!of_build || is_of_build(f))
            read_go_file(r, f);
    }
}

static bool makes_package(const Reading *r, const DirFile *f) {
    if (f->kind != SOURCE_GO || !is_of_build(f) || !f->fits) return false;
    for (uint32_t i = 0; i < f->header.imports.len; i++)
        if (str_eq_c(f->header.imports.v[i].path, "C") && !r->dirs->env->tags.cgo) return false;
    return !str_eq_c(f->header.package_name, "documentation");
}

// The release's own files are as they should be: those a build leaves out are not even opened,
// where there is something to build. False: all are wanted.
static bool read_built_files(Reading *r) {
    DirFile *v = r->dir->files.v;
    bool any = false;
    if (!r->dirs->build_only || !path_has_prefix(r->dir->path, r->dirs->env->goroot_src))
        return false;
    read_files(r, true);
    for (uint32_t i = 0; i < r->dir->files.len && !any; i++) any = makes_package(r, &v[i]);
    if (!any) return false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->dir->files.len; i++)
        if (v[i].kind != SOURCE_GO || is_of_build(&v[i])) v[n++] = v[i];
    r->dir->files.len = n;
    return true;
}

static void read_dir(void *ctx, uint32_t item, uint32_t worker) {
    Dirs *dirs = ctx;
    Reading r = {.dirs = dirs,
                 .arena = dirs->workers[worker],
                 .buffer = dirs->buffers[worker],
                 .dir = dirs->all.v[dirs->wanted.v[item]]};
    r.dir->read = true;
    if (!dirscan_open(r.arena, r.dir->path, &r.scan)) return;
    r.dir->exists = true;
    r.dir->files.v = NEW_ARRAY(r.arena, DirFile, r.scan.list.len);
    r.dir->files.cap = r.scan.list.len;
    for (uint32_t i = 0; i < r.scan.list.len; i++) take_entry(&r, &r.scan.list.v[i]);
    if (!read_built_files(&r)) read_files(&r, false);
    dirscan_close(&r.scan);
}

// ---- the table ------------------------------------------------------------------------------

static uint32_t dir_place(Dirs *d, Str path) {
    uint32_t *at = strmap_get(&d->by_path, path);
    if (at) return *at;
    Dir *dir = NEW(d->arena, Dir);
    dir->path = str_copy(d->arena, path);
    *strmap_put(&d->by_path, dir->path) = d->all.len;
    vec_push(d->arena, &d->all, dir);
    return d->all.len - 1;
}

// Asks for a directory; dirs_read reads all that were asked for, at once.
void dirs_want(Dirs *d, Str path) {
    uint32_t at = dir_place(d, path);
    if (d->all.v[at]->read || d->all.v[at]->wanted) return;
    d->all.v[at]->wanted = true;
    vec_push(d->arena, &d->wanted, at);
}

void dirs_read(Dirs *d) {
    if (d->wanted.len == 1)
        read_dir(d, 0, 0);
    else if (d->wanted.len > 1)
        task_each(d->tasks, read_dir, d, d->wanted.len);
    d->wanted.len = 0;
}

// The directory, read now if it was not before. exists is false when it is not there.
const Dir *dirs_get(Dirs *d, Str path) {
    dirs_want(d, path);
    dirs_read(d);
    return d->all.v[dir_place(d, path)];
}

const Dir *dirs_known(const Dirs *d, Str path) {
    uint32_t *at = strmap_get(&d->by_path, path);
    return at && d->all.v[*at]->read ? d->all.v[*at] : NULL;
}

// The go command does not index what was written in the last two seconds, and reports errors in
// such a directory a little differently.
bool dir_is_fresh(Dirs *d, const Dir *dir) {
    DirScan scan;
    ArenaMark mark = arena_mark(d->arena);
    bool fresh = false;
    int64_t limit = clock_unix_ns() - 2000000000;
    if (dirscan_open(d->arena, dir->path, &scan)) {
        for (uint32_t i = 0; i < scan.list.len && !fresh; i++)
            fresh = dirscan_changed_ns(&scan, scan.list.v[i].name) > limit;
        dirscan_close(&scan);
    }
    arena_pop_to(mark);
    return fresh;
}
