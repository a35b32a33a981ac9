// A build cache that leaves the user's alone: every entry of his is linked into a new directory
// beside it, the go command writes there, and the directory is removed afterwards. So packages that
// are built already stay built, and nothing of a review stays behind.
//
// The go command touches an entry it uses when it was last touched an hour ago or earlier. So after
// an ordinary build, whatever a review needs was touched within two hours; older entries of a large
// cache are left out, which costs nothing but building one again if that should not hold.
#include "engine/engine_internal.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/proc.h"

enum { RECENT_S = 2 * 60 * 60 };

static Err link_dir(Arena *a, Str from, Str to, int64_t since) {
    DirList list = {0};
    TRY(dir_make(a, to));
    TRY(dir_list(a, from, &list));
    for (uint32_t i = 0; i < list.len; i++) {
        Str source = path_join(a, from, list.v[i].name);
        if (list.v[i].kind != FILE_REGULAR || file_modified_s(source) < since) continue;
        // An entry that vanished or cannot be linked is one to build again, no more.
        Err e = file_link(a, source, path_join(a, to, list.v[i].name));
        if (e && e->code == ERR_LIMIT) return e;
    }
    return NULL;
}

// The cache's own bookkeeping (trim.txt, README) is left out: it is written in place.
static bool is_shard(Str name) {
    static const char digits[] = "0123456789abcdef";
    return name.len == 2 && memchr(digits, name.ptr[0], 16) && memchr(digits, name.ptr[1], 16);
}

// Overlays of runs that were killed: their process is gone.
static void remove_stale(Arena *a, Str cache) {
    DirList beside = {0};
    Str prefix = str_join2(a, path_base(cache), STR(".heapwise-"));
    if (dir_list(a, path_dir(cache), &beside)) return;
    for (uint32_t i = 0; i < beside.len; i++) {
        Str rest = beside.v[i].name;
        uint64_t pid;
        if (!str_cut_prefix(&rest, prefix) || !str_to_u64(rest, &pid)) continue;
        if (proc_is_alive(pid)) continue;
        (void)dir_remove_tree(a, path_join(a, path_dir(cache), beside.v[i].name));
    }
}

Err overlay_cache(Arena *a, Str cache, Str *out) {
    DirList shards = {0};
    Str top = str_fmt(a, STR_FMT ".heapwise-%u", STR_ARG(cache), proc_self());
    remove_stale(a, cache);
    TRY(dir_remove_tree(a, top)); // of a run with our number that was killed
    TRY(dir_make(a, top));
    *out = top;
    int64_t since = clock_unix_ns() / 1000000000 - RECENT_S;
    if (dir_list(a, cache, &shards)) return NULL; // no cache yet: an empty one will do
    for (uint32_t i = 0; i < shards.len; i++) {
        if (shards.v[i].kind != FILE_DIR || !is_shard(shards.v[i].name)) continue;
        Arena *scratch = arena_new("cache links");
        Err e = link_dir(scratch, path_join(a, cache, shards.v[i].name),
                         path_join(a, top, shards.v[i].name), since);
        if (e) e = err_new(a, e->code, 0, STR_FMT, STR_ARG(e->what));
        arena_free(scratch);
        if (e) return e;
    }
    return NULL;
}
