// go/load: vendor/modules.txt: which module each vendored package came from, and whether that still
// is what go.mod (or go.work) asks for. https://go.dev/ref/mod#vendoring
#include "go/load/load_internal.h"

Str vendor_dir(const Mods *ms) {
    Str base = mods_in_workspace(ms) ? path_dir(ms->work_file) : mod_get(ms, ms->mains.v[0])->root;
    return path_under(ms->arena, base, STR("vendor"));
}

static VendorMeta *meta_of(Mods *ms, ModId id) {
    while (ms->vendor.meta.len < id) vec_add(ms->arena, &ms->vendor.meta);
    return &ms->vendor.meta.v[id - 1];
}

// "# path version", "# path version => path [version]", "# path => path [version]"
static ModId read_module_line(Mods *ms, Str line) {
    StrVec f = str_fields(ms->arena, line);
    if (f.len < 3) return UINT32_MAX; // no module line: the one before stays
    uint32_t at = 0;
    ModId id = 0;
    if (semver_is_valid(f.v[2])) {
        id = mods_intern(ms, f.v[1], f.v[2]);
        at = 3;
    } else if (str_eq_c(f.v[2], "=>")) {
        id = mods_intern(ms, f.v[1], STR(""));
        at = 2;
    } else {
        return 0;
    }
    uint32_t n = f.len - at;
    if (n < 2 || !str_eq_c(f.v[at], "=>")) return id;
    ModRef to = {f.v[at + 1], STR("")};
    if (n == 3 && semver_is_valid(f.v[at + 2])) to.version = f.v[at + 2];
    if (n == 2 || to.version.len > 0) {
        meta_of(ms, id)->replacement = to;
        vec_push(ms->arena, &ms->vendor.replaced, id);
    }
    return id;
}

static void read_annotations(Mods *ms, ModId id, Str line) {
    while (line.len > 0) {
        Str entry = str_trim(str_split(&line, ';'));
        if (str_eq_c(entry, "explicit")) meta_of(ms, id)->explicitly = true;
        if (str_cut_prefix(&entry, STR("go "))) mod_get(ms, id)->raw_go = entry;
    }
}

static void read_package_line(Mods *ms, ModId id, Str line) {
    StrVec f = str_fields(ms->arena, line);
    if (f.len != 1 || import_path_check(ms->arena, f.v[0]).len > 0) return;
    *strmap_put(&ms->vendor.package_module, f.v[0]) = id;
    const Mod *m = mod_get(ms, id);
    uint32_t *at = strmap_get(&ms->vendor.version, m->path);
    if (at && module_compare(m->path, mod_get(ms, *at)->version, m->version) >= 0) return;
    vec_push(ms->arena, &ms->vendor.list, id);
    *strmap_put(&ms->vendor.version, m->path) = id;
}

void vendor_read(Mods *ms) {
    Vendor *v = &ms->vendor;
    if (v->read) return;
    v->read = true;
    v->package_module = strmap_new(ms->arena);
    v->version = strmap_new(ms->arena);
    Str text, name = path_under(ms->arena, vendor_dir(ms), STR("modules.txt"));
    if (!file_try_read(ms->arena, str_to_c(ms->arena, name), &text)) return;
    ModId id = 0;
    while (text.len > 0) {
        Str line = str_split(&text, '\n');
        if (str_starts(line, STR("# "))) {
            ModId next = read_module_line(ms, line);
            if (next != UINT32_MAX) id = next;
        } else if (id != 0 && str_cut_prefix(&line, STR("## "))) {
            read_annotations(ms, id, line);
        } else if (id != 0) {
            read_package_line(ms, id, line);
        }
    }
}

// ---- consistency ----------------------------------------------------------------------------

static void fault(Mods *ms, Buf *b, ModRef m, const char *what, Str more) {
    buf_fmt(b, "\n\t" STR_FMT ": %s" STR_FMT, STR_ARG(mod_text(ms->arena, m)), what, STR_ARG(more));
}

static void check_requires(Mods *ms, const ModFile *f, bool old, Buf *b) {
    for (uint32_t i = 0; i < f->requires.len; i++) {
        ModRef r = f->requires.v[i].mod;
        ModId id = mods_intern(ms, r.path, r.version);
        if (meta_of(ms, id)->explicitly) continue;
        uint32_t *at = strmap_get(&ms->vendor.version, r.path);
        if (!old) {
            fault(ms, b, r,
                  "is explicitly required in go.mod, but not marked as explicit in "
                  "vendor/modules.txt",
                  STR(""));
        } else if (at && !str_eq(mod_get(ms, *at)->version, r.version)) {
            const Mod *have = mod_get(ms, *at);
            fault(ms, b, r, "is explicitly required in go.mod, but vendor/modules.txt indicates ",
                  mod_text(ms->arena, (ModRef){r.path, have->version}));
        }
    }
}

static void check_replaces(Mods *ms, const ModFile *f, Str file, bool old, Buf *b) {
    for (uint32_t i = 0; i < f->replaces.len; i++) {
        ModRef r = f->replaces.v[i].old;
        ModId id = mods_intern(ms, r.path, r.version);
        ModRef marked = meta_of(ms, id)->replacement;
        ModRef now = mods_resolved(ms, mod_get(ms, id));
        Str source = mods_short_path(ms, file);
        if (marked.path.len == 0) {
            uint32_t *at = strmap_get(&ms->vendor.version, r.path);
            bool used = at && str_eq(mod_get(ms, *at)->version, r.version);
            if (old && (r.version.len == 0 || !used)) continue;
            fault(ms, b, r, "is replaced in ",
                  str_join2(ms->arena, source,
                            STR(", but not marked as replaced in vendor/modules.txt")));
        } else if (!str_eq(marked.path, now.path) || !str_eq(marked.version, now.version)) {
            Arena *a = ms->arena;
            fault(ms, b, r, "is replaced by ",
                  str_fmt(a,
                          STR_FMT " in " STR_FMT ", but marked as replaced by " STR_FMT
                                  " in vendor/modules.txt",
                          STR_ARG(mod_text(a, now)), STR_ARG(source),
                          STR_ARG(mod_text(a, marked))));
        }
    }
}

static bool is_required(const Mods *ms, ModId id) {
    const Mod *m = mod_get(ms, id);
    for (uint32_t k = 0; k < ms->mains.len; k++) {
        const ModFile *f = mod_get(ms, ms->mains.v[k])->file;
        for (uint32_t i = 0; i < f->requires.len; i++)
            if (str_eq(f->requires.v[i].mod.path, m->path) &&
                str_eq(f->requires.v[i].mod.version, m->version))
                return true;
    }
    return false;
}

static void check_marks(Mods *ms, Buf *b) {
    for (uint32_t i = 0; i < ms->vendor.list.len; i++) {
        ModId id = ms->vendor.list.v[i];
        if (!meta_of(ms, id)->explicitly || is_required(ms, id)) continue;
        const Mod *m = mod_get(ms, id);
        fault(ms, b, (ModRef){m->path, m->version},
              "is marked as explicit in vendor/modules.txt, but not explicitly required in ",
              mods_in_workspace(ms) ? STR("a go.mod") : STR("go.mod"));
    }
    for (uint32_t i = 0; i < ms->vendor.replaced.len; i++) {
        const Mod *m = mod_get(ms, ms->vendor.replaced.v[i]);
        if (mods_replacement(ms, m)) continue;
        fault(ms, b, (ModRef){m->path, m->version},
              "is marked as replaced in vendor/modules.txt, but not replaced in ",
              mods_in_workspace(ms) ? STR("the workspace") : STR("go.mod"));
    }
}

Err vendor_open(Mods *ms) {
    vendor_read(ms);
    Buf b = buf_new(ms->arena);
    bool work = mods_in_workspace(ms);
    bool old = !work && gover_compare(mod_get(ms, ms->mains.v[0])->file->go, STR("1.14")) < 0;
    for (uint32_t i = 0; i < ms->mains.len; i++)
        check_requires(ms, mod_get(ms, ms->mains.v[i])->file, old, &b);
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        check_replaces(ms, m->file, mod_file_path(ms, m->root), old, &b);
    }
    if (work) check_replaces(ms, &ms->work, ms->work_file, old, &b);
    check_marks(ms, &b);
    if (b.len == 0) return NULL;
    return err_new(ms->arena, ERR_FORMAT, 0,
                   "inconsistent vendoring in " STR_FMT ":" STR_FMT
                   "\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo "
                   "sync the vendor directory, run:\n\t\tgo %s vendor",
                   STR_ARG(path_dir(vendor_dir(ms))), STR_ARG(buf_view(&b)), work ? "work" : "mod");
}
