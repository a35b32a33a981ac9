// go/program/kept.c: keys of packages, and what is kept under them.
#include "go/program/kept.h"

#include "go/program/program_internal.h"
#include "sys/file.h"

typedef struct KeptPackage {
    CacheKey texts, key; // of its files' bytes; of all it depends on
    CacheKey answer;     // of what is kept, where it is a root
    Str value;
    bool root, usable, hit, needed;
    bool checked, same; // its files when they were analysed were those of the key
} KeptPackage;

struct Kept {
    Arena *arena;
    Cache *cache;
    const PackageSet *set;
    const ProgramConfig *config;
    Str what;
    CacheKey base;
    Arena **values; // one a worker
    uint32_t workers;
    KeptPackage *of; // by id - 1
    uint32_t count, misses;
    StrMap profiles; // path -> place in profile_keys + 1
    VEC(CacheKey) profile_keys;
};

// ---- files

CacheKey kept_add_text(CacheKey texts, Str bytes) {
    CacheKey pair[2] = {texts, key_of_bytes(bytes)};
    return key_of_bytes((Str){(const char *)pair, sizeof pair});
}

static bool add_files(Arena *a, const Package *pkg, const StrVec *names, CacheKey *texts) {
    for (uint32_t i = 0; i < names->len; i++) {
        ArenaMark mark = arena_mark(a);
        Str bytes;
        bool read = file_try_read(a, str_to_c(a, path_join(a, pkg->dir, names->v[i])), &bytes);
        if (read) *texts = kept_add_text(*texts, bytes);
        arena_pop_to(mark);
        if (!read) return false;
    }
    return true;
}

static void read_texts(void *ctx, uint32_t item, uint32_t worker) {
    Kept *k = ctx;
    const Package *pkg = package_get(k->set, item + 1);
    KeptPackage *p = &k->of[item];
    p->usable = !pkg->error.text.len && !pkg->incomplete && !pkg->cgo_files.len &&
                add_files(k->values[worker], pkg, &pkg->go_files, &p->texts);
}

// ---- keys

static void add_list(KeyMaker *m, const StrVec *list) {
    key_num(m, list->len);
    for (uint32_t i = 0; i < list->len; i++) key_str(m, list->v[i]);
}

static bool make_base(Kept *k) {
    const LoadFacts *f = package_set_facts(k->set);
    CacheKey self;
    if (!key_of_program(&self)) return false;
    KeyMaker *m = key_new(k->arena);
    key_key(m, self);
    key_str(m, f->goroot);
    key_str(m, f->go_version);
    key_str(m, f->goos);
    key_str(m, f->goarch);
    key_str(m, f->goamd64);
    add_list(m, &f->experiments);
    key_num(m, f->cgo);
    key_str(m, k->config->goarch);
    key_str(m, str_c(k->config->until));
    k->base = key_end(m);
    return true;
}

// How it is compiled: not what is said of it (m, log).
static void add_flags(KeyMaker *m, const IrFlags *f) {
    key_num(m, f->no_inline);
    key_num(m, f->cheap_calls);
    key_num(m, f->small_frames);
}

static bool add_profile(Kept *k, KeyMaker *m, Str path) {
    key_num(m, path.len > 0);
    if (!path.len) return true;
    uint32_t *place = strmap_put(&k->profiles, path);
    if (!*place) {
        Str bytes;
        if (!file_try_read(k->arena, str_to_c(k->arena, path), &bytes)) return false;
        CacheKey key = key_of_bytes(bytes);
        vec_push(k->arena, &k->profile_keys, key);
        *place = k->profile_keys.len;
    }
    key_key(m, k->profile_keys.v[*place - 1]);
    return true;
}

// How many of what it imports the sources name: the first ones.
static uint32_t named_imports(const Package *pkg) {
    return MIN(pkg->source_imports, pkg->imported.len);
}

// Imports stand before it in the set.
static bool add_imports(const Kept *k, KeyMaker *m, const Package *pkg) {
    uint32_t n = named_imports(pkg);
    key_num(m, n);
    for (uint32_t i = 0; i < n; i++) {
        const ImportedPackage *imp = &pkg->imported.v[i];
        key_str(m, imp->path);
        key_num(m, imp->id != 0); // unsafe and C have none
        if (!imp->id) continue;
        if (!k->of[imp->id - 1].usable) return false;
        key_key(m, k->of[imp->id - 1].key);
    }
    return true;
}

static void make_key(Kept *k, PackageId id) {
    const Package *pkg = package_get(k->set, id);
    KeptPackage *p = &k->of[id - 1];
    IrFlags none = {0};
    p->root = package_is_root(k->set, pkg);
    if (!p->usable) return;
    KeyMaker *m = key_new(k->arena);
    key_key(m, k->base);
    key_str(m, pkg->import_path);
    key_str(m, pkg->path);
    key_str(m, pkg->name);
    key_str(m, pkg->dir);
    key_str(m, pkg->for_main);
    key_str(m, package_lang(k->set, pkg));
    key_num(m, pkg->standard);
    key_num(m, pkg->has_body_elsewhere);
    add_flags(m, p->root || k->config->all_flags ? &k->config->flags : &none);
    add_list(m, &pkg->go_files);
    key_key(m, p->texts);
    bool profile = add_profile(k, m, pkg->profile), imports = add_imports(k, m, pkg);
    p->key = key_end(m);
    p->usable = profile && imports;
}

static CacheKey answer_key(const Kept *k, PackageId id) {
    KeyMaker *m = key_new(k->arena);
    key_key(m, k->of[id - 1].key);
    key_str(m, k->what);
    return key_end(m);
}

// ---- what there is

static void look_up(void *ctx, uint32_t item, uint32_t worker) {
    Kept *k = ctx;
    KeptPackage *p = &k->of[item];
    if (!p->root || !p->usable) return;
    p->hit = cache_get(k->cache, k->values[worker], p->answer, &p->value);
}

static void need(Kept *k, PackageId id) {
    KeptPackage *p = &k->of[id - 1];
    if (p->needed) return;
    p->needed = true;
    const Package *pkg = package_get(k->set, id);
    for (uint32_t i = 0; i < named_imports(pkg); i++)
        if (pkg->imported.v[i].id) need(k, pkg->imported.v[i].id);
}

// Nothing is ever compiled of unsafe.
static bool says_nothing(const Kept *k, PackageId id) {
    const Package *pkg = package_get(k->set, id);
    return pkg->standard && str_eq_c(pkg->path.len ? pkg->path : pkg->import_path, "unsafe");
}

static void find_all(Kept *k, Tasks *tasks) {
    task_each(tasks, read_texts, k, k->count);
    for (PackageId id = 1; id <= k->count; id++) {
        make_key(k, id);
        KeptPackage *p = &k->of[id - 1];
        if (p->root && p->usable) p->answer = answer_key(k, id);
    }
    task_each(tasks, look_up, k, k->count);
}

Kept *kept_open(Cache *cache, const PackageSet *set, const ProgramConfig *config, Str what) {
    Arena *a = arena_new("kept answers");
    Kept *k = NEW(a, Kept);
    *k = (Kept){.arena = a, .cache = cache, .set = set, .config = config, .what = what};
    k->count = package_count(set);
    k->of = NEW_ARRAY(a, KeptPackage, k->count + 1);
    k->profiles = strmap_new(a);
    Tasks *tasks = tasks_new(config->workers);
    k->workers = tasks_workers(tasks);
    k->values = NEW_ARRAY(a, Arena *, k->workers);
    for (uint32_t i = 0; i < k->workers; i++) k->values[i] = arena_new("kept values");
    if (cache && make_base(k))
        find_all(k, tasks);
    else
        for (PackageId id = 1; id <= k->count; id++)
            k->of[id - 1].root = package_is_root(set, package_get(set, id));
    tasks_free(tasks);
    for (PackageId id = 1; id <= k->count; id++) {
        KeptPackage *p = &k->of[id - 1];
        if (!p->root || p->hit) continue;
        if (cache && says_nothing(k, id)) {
            p->hit = true;
            continue;
        }
        k->misses++;
        need(k, id);
    }
    return k;
}

void kept_close(Kept *k) {
    if (!k) return;
    for (uint32_t i = 0; i < k->workers; i++) arena_free(k->values[i]);
    arena_free(k->arena);
}

bool kept_is_root(const Kept *k, PackageId id) { return k->of[id - 1].root; }
bool kept_needs(const Kept *k, PackageId id) { return k->of[id - 1].needed; }
uint32_t kept_misses(const Kept *k) { return k->misses; }

bool kept_get(const Kept *k, PackageId id, Str *out) {
    if (!k->of[id - 1].hit) return false;
    *out = k->of[id - 1].value;
    return true;
}

// ---- what is new

// The files that were parsed are those the key was made of, here and in all below.
static bool is_same(Kept *k, const Program *program, PackageId id) {
    KeptPackage *p = &k->of[id - 1];
    if (p->checked) return p->same;
    p->checked = true;
    const Unit *u = program->units.v[program->set_first + id - 1];
    p->same = p->usable && (key_eq(u->texts, p->texts) || says_nothing(k, id));
    const Package *pkg = package_get(k->set, id);
    for (uint32_t i = 0; i < named_imports(pkg); i++)
        if (pkg->imported.v[i].id && !is_same(k, program, pkg->imported.v[i].id)) p->same = false;
    return p->same;
}

bool kept_may_put(Kept *k, const Program *p, PackageId id) {
    const ProgramUnit *u = program_unit(p, p->set_first + id - 1);
    const KeptPackage *of = &k->of[id - 1];
    return k->cache && of->root && !of->hit && of->usable && u->ir && !u->failed &&
           !u->import_failed && !u->unreadable && is_same(k, p, id);
}

void kept_put(Kept *k, PackageId id, Str answer) {
    cache_put(k->cache, k->of[id - 1].answer, answer);
}
