// go/load: variants of packages. A main package with a default.pgo is built with it, and so is
// everything it imports: next to other packages those are copies, named "fmt [main/path]".
#include "go/load/load_internal.h"

typedef struct Frame {
    uint32_t id, next;
} Frame;

void assembly_list_from(Assembly *as, uint32_t id, U32Vec *out) {
    // Depth first without recursion: a frame is a package and how many imports were done.
    VEC(Frame) frames = {0};
    if (as->pkgs.v[id - 1]->listed) return;
    as->pkgs.v[id - 1]->listed = true;
    vec_add(as->arena, &frames)->id = id;
    while (frames.len > 0) {
        uint32_t at = vec_last(&frames).id;
        const Pkg *p = as->pkgs.v[at - 1];
        if (vec_last(&frames).next == p->imports.len) {
            vec_push(as->arena, out, at);
            frames.len--;
            continue;
        }
        uint32_t child = p->imports.v[vec_last(&frames).next++];
        Pkg *c = as->pkgs.v[child - 1];
        if (c->listed) continue;
        c->listed = true;
        vec_add(as->arena, &frames)->id = child;
    }
}

U32Vec assembly_order(Assembly *as) {
    U32Vec out = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) as->pkgs.v[i]->listed = false;
    for (uint32_t i = 0; i < as->roots.len; i++) assembly_list_from(as, as->roots.v[i], &out);
    return out;
}

static uint32_t copy_package(Assembly *as, const Pkg *p, Str main_path) {
    uint32_t id;
    Pkg *copy = assembly_new(as, p->pub.path, &id);
    *copy = *p;
    copy->pub.for_main = main_path;
    copy->pub.import_path =
        str_fmt(as->arena, STR_FMT " [" STR_FMT "]", STR_ARG(p->pub.path), STR_ARG(main_path));
    copy->imports = (U32Vec){0};
    for (uint32_t i = 0; i < p->imports.len; i++)
        vec_push(as->arena, &copy->imports, p->imports.v[i]);
    copy->pub.imports = (StrVec){0};
    for (uint32_t i = 0; i < p->pub.imports.len; i++)
        vec_push(as->arena, &copy->pub.imports, p->pub.imports.v[i]);
    return id;
}

// The names in pub.imports follow the copies: imports[k] of the packages is what the source's
// k-th import became ("C" has none).
static void rename_imports(Assembly *as, Pkg *p) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < p->pub.imports.len && k < p->imports.len; i++) {
        if (str_eq_c(p->pub.raw_imports.v[i], "C")) continue;
        p->pub.imports.v[i] = as->pkgs.v[p->imports.v[k++] - 1]->pub.import_path;
    }
}

static void use_profile(Pkg *p, Str profile) {
    p->has_profile = true;
    p->pub.profile = profile;
}

// Gives everything below main a copy of its own.
static void split_below(Assembly *as, uint32_t main_id, Str profile) {
    Str main_path = as->pkgs.v[main_id - 1]->pub.path;
    U32Vec below = {0}, copies = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) as->pkgs.v[i]->listed = false;
    assembly_list_from(as, main_id, &below);
    if (as->roots.len == 1) { // alone, main keeps the originals
        for (uint32_t i = 0; i < below.len; i++) use_profile(as->pkgs.v[below.v[i] - 1], profile);
        return;
    }
    U32Vec copy_of = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) vec_push(as->arena, &copy_of, 0);
    for (uint32_t i = 0; i < below.len; i++) {
        uint32_t id = below.v[i];
        uint32_t copy = id == main_id ? id : copy_package(as, as->pkgs.v[id - 1], main_path);
        copy_of.v[id - 1] = copy;
        use_profile(as->pkgs.v[copy - 1], profile);
        vec_push(as->arena, &copies, copy);
    }
    for (uint32_t i = 0; i < copies.len; i++) {
        Pkg *p = as->pkgs.v[copies.v[i] - 1];
        for (uint32_t k = 0; k < p->imports.len; k++)
            p->imports.v[k] = copy_of.v[p->imports.v[k] - 1];
        rename_imports(as, p);
    }
}

void assembly_split_profiles(Assembly *as) {
    Str pgo = as->ld->config->pgo;
    if (str_eq_c(pgo, "off")) return;
    bool named = pgo.len && !str_eq_c(pgo, "auto");
    for (uint32_t i = 0; named && i < as->pkgs.len; i++) use_profile(as->pkgs.v[i], pgo);
    if (named) return;
    for (uint32_t i = 0; i < as->roots.len; i++) {
        const Package *p = &as->pkgs.v[as->roots.v[i] - 1]->pub;
        if (!str_eq_c(p->name, "main") || p->dir.len == 0) continue;
        Str profile = path_join(as->arena, p->dir, STR("default.pgo"));
        if (file_exists(profile)) split_below(as, as->roots.v[i], profile);
    }
}
