// cli/cmd_cache.c: `heapwise cache`: what is kept of earlier runs, and its removal.
#include "cache/cache.h"
#include "cli/commands.h"

static void show(Cli *cli, CacheState s, const char *key, const char *title) {
    doc_open(cli->doc, key, str_c(title));
    doc_field(cli->doc, "dir", "directory", doc_text(s.dir.len ? s.dir : STR("none")));
    doc_field(cli->doc, "entries", "entries", doc_count((int64_t)s.entries));
    doc_field(cli->doc, "bytes", "bytes", doc_bytes((int64_t)s.bytes));
    doc_field(cli->doc, "limit", "at most", doc_bytes((int64_t)s.limit));
    doc_close(cli->doc);
}

static Err run_cache(Cli *cli, Status *status) {
    (void)status;
    Str verb = cli->args.rest.len == 1 ? cli->args.rest.v[0] : STR("");
    Cache *c = cache_open(cli->arena);
    CacheState s;
    if (str_eq_c(verb, "status")) {
        show(cli, cache_state(cli->arena, c), "status", "Kept answers");
        return NULL;
    }
    if (!str_eq_c(verb, "clean")) return err_new(cli->arena, ERR_USAGE, 0, "give status or clean");
    TRY(cache_clean(cli->arena, c, &s));
    show(cli, s, "removed", "Removed");
    return NULL;
}

const Command cmd_cache = {
    .name = "cache",
    .summary = "answers kept of earlier runs: how many, and their removal",
    .usage = "status|clean",
    .details =
        "escape keeps the answer for each package under a hash of all it depends "
        "on: another byte, flag, release or build of heapwise has another hash. "
        "HEAPWISE_CACHE names the directory in place of heapwise below $XDG_CACHE_HOME or "
        "~/.cache; \"off\" keeps nothing. HEAPWISE_CACHE_MIB bounds it (1024); what was used "
        "least lately goes first.",
    .example = "heapwise cache status",
    .schema = "heapwise.cache/1",
    .options = {NULL, 0, .interleaved = true},
    .run = run_cache,
};
