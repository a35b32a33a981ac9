// go/load: the module graph and minimal version selection: of every module path the highest version
// anything in the graph requires. A module of Go 1.17 or later says all it needs, so what its
// dependencies require in turn is left out (graph pruning).
// https://go.dev/ref/mod#minimal-version-selection
#include "go/load/load_internal.h"

typedef struct GraphItem {
    ModId mod;
    Pruning pruning;
} GraphItem;

typedef struct Graph {
    Mods *ms;
    VEC(GraphItem) queue;
    uint32_t next;
    Index queued; // places in queue + 1
} Graph;

static void enqueue(Graph *g, ModId id, Pruning pruning) {
    uint64_t hash = hash_mix(id, pruning);
    for (IndexIter it = index_find(&g->queued, hash); it.id; index_next(&it)) {
        GraphItem *q = &g->queue.v[it.id - 1];
        if (q->mod == id && q->pruning == pruning) return;
    }
    vec_push(g->ms->arena, &g->queue, ((GraphItem){id, pruning}));
    index_add(&g->queued, hash, g->queue.len);
}

static void select_version(Mods *ms, ModId id) {
    const Mod *m = mod_get(ms, id);
    uint32_t *at = strmap_put(&ms->selected, m->path);
    const Mod *had = *at ? mod_get(ms, *at) : NULL;
    if (had && (had->main || module_compare(m->path, had->version, m->version) >= 0)) return;
    *at = id;
}

static void take_requirements(Mods *ms, ModId from, const U32Vec *require) {
    mod_get(ms, from)->in_graph = true;
    for (uint32_t i = 0; i < require->len; i++) {
        Mod *m = mod_get(ms, require->v[i]);
        if (m->required_by == 0) m->required_by = from;
        select_version(ms, require->v[i]);
    }
}

// "a@v1 requires\n\tb@v2: why": how the module with the fault came in.
static Str error_with_path(Mods *ms, ModId id, const ModSummary *s) {
    Arena *a = ms->arena;
    Str text = s->error;
    const Mod *bad = mod_get(ms, id);
    if (mods_replacement(ms, bad))
        text = str_fmt(a, STR_FMT " (replaced by " STR_FMT "): " STR_FMT,
                       STR_ARG(mod_text(a, (ModRef){bad->path, bad->version})),
                       STR_ARG(mod_text(a, mods_resolved(ms, bad))), STR_ARG(s->why));
    for (ModId by = mod_get(ms, id)->required_by; by != 0; by = mod_get(ms, by)->required_by) {
        const Mod *m = mod_get(ms, by);
        if (m->main) break;
        text = str_fmt(a, STR_FMT " requires\n\t" STR_FMT,
                       STR_ARG(mod_text(a, (ModRef){m->path, m->version})), STR_ARG(text));
    }
    return text;
}

static void run_queue(Graph *g) {
    Mods *ms = g->ms;
    for (; g->next < g->queue.len; g->next++) {
        GraphItem it = g->queue.v[g->next];
        const ModSummary *s = mods_summary(ms, it.mod);
        if (s->error.len > 0) {
            if (ms->graph_error.len == 0) ms->graph_error = error_with_path(ms, it.mod, s);
            continue;
        }
        take_requirements(ms, it.mod, &s->require);
        if (it.pruning == PRUNING_PRUNED && s->pruning != PRUNING_UNPRUNED) continue;
        Pruning next = it.pruning == PRUNING_UNPRUNED ? PRUNING_UNPRUNED : s->pruning;
        for (uint32_t i = 0; i < s->require.len; i++) enqueue(g, s->require.v[i], next);
    }
}

// In a workspace the versions selected for what the modules need directly are read in full too,
// until nothing more is selected that was not read.
static void close_workspace(Graph *g) {
    Mods *ms = g->ms;
    U32Vec in_all = {0};
    for (uint32_t i = 0; i < ms->mains.len; i++) vec_push(ms->arena, &in_all, ms->mains.v[i]);
    for (uint32_t at = 0; at < in_all.len; at++) {
        const ModSummary *s = mods_summary(ms, in_all.v[at]);
        for (uint32_t i = 0; i < s->require.len; i++) {
            const Mod *r = mod_get(ms, s->require.v[i]);
            ModId chosen = *strmap_get(&ms->selected, r->path);
            if (chosen == s->require.v[i] || mod_get(ms, chosen)->main) continue;
            bool seen = false;
            for (uint32_t k = 0; k < in_all.len; k++) seen = seen || in_all.v[k] == chosen;
            if (seen) continue;
            vec_push(ms->arena, &in_all, chosen);
            enqueue(g, chosen, PRUNING_WORKSPACE);
            run_queue(g);
        }
    }
}

static void make_build_list(Mods *ms) {
    U32Vec rest = {0};
    for (uint32_t i = 0; i < ms->selected.entries.len; i++) {
        ModId id = ms->selected.entries.v[i].value;
        if (!mod_get(ms, id)->main) vec_push(ms->arena, &rest, id);
    }
    mods_sort(ms, &rest);
    ms->build_list.len = 0;
    for (uint32_t i = 0; i < ms->mains.len; i++)
        vec_push(ms->arena, &ms->build_list, ms->mains.v[i]);
    for (uint32_t i = 0; i < rest.len; i++) vec_push(ms->arena, &ms->build_list, rest.v[i]);
}

void graph_read(Mods *ms) {
    if (ms->graph_read) return;
    ms->graph_read = true;
    ms->selected = strmap_new(ms->arena);
    Graph g = {.ms = ms, .queued = index_new(ms->arena)};
    for (uint32_t i = 0; i < ms->mains.len; i++) select_version(ms, ms->mains.v[i]);
    if (str_eq_c(ms->env->mod, "vendor")) {
        take_requirements(ms, ms->mains.v[0], &ms->roots);
        if (ms->pruning != PRUNING_PRUNED) take_requirements(ms, ms->mains.v[0], &ms->vendor.list);
    } else if (ms->pruning == PRUNING_WORKSPACE) {
        for (uint32_t i = 0; i < ms->mains.len; i++) enqueue(&g, ms->mains.v[i], ms->pruning);
        run_queue(&g);
        close_workspace(&g);
    } else {
        take_requirements(ms, ms->mains.v[0], &ms->roots);
        for (uint32_t i = 0; i < ms->roots.len; i++) enqueue(&g, ms->roots.v[i], ms->pruning);
        run_queue(&g);
    }
    make_build_list(ms);
}

ModId mods_selected(Mods *ms, Str path) {
    graph_read(ms);
    uint32_t *at = strmap_get(&ms->selected, path);
    return at ? *at : 0;
}

bool graph_roots_hold(Mods *ms) {
    graph_read(ms);
    for (uint32_t i = 0; i < ms->roots.len; i++)
        if (mods_selected(ms, mod_get(ms, ms->roots.v[i])->path) != ms->roots.v[i]) return false;
    return true;
}
