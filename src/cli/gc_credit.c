// cli/gc_credit.c: `heapwise gc credit --profile=FILE OBSERVATION`.
#include "cli/gc.h"
#include "sys/file.h"
#include "view/gc.h"

Err cli_gc_credit(Cli *cli, Status *status) {
    (void)status;
    Arena *a = cli->arena;
    Str path = args_value(&cli->args, "profile", STR(""));
    if (!path.len || cli->args.rest.len != 2)
        return err_new(a, ERR_USAGE, 0,
                       "gc credit wants a heap profile and an observation of the same work: "
                       "heapwise gc credit --profile=mem.pprof seen.txt");
    Str text, seen_path = cli->args.rest.v[1];
    uint64_t top = 20;
    TRY(args_u64(a, &cli->args, "top", &top));
    GcObservation seen;
    GcModel *model;
    TRY(file_read(a, seen_path, &text));
    Err e = observation_read(a, text, &seen);
    if (!e) e = gc_model_new(a, &seen, &model);
    if (e) return err_wrap(a, e, STR_FMT, STR_ARG(seen_path));
    Profile profile;
    TRY(file_read(a, path, &text));
    e = profile_read(a, text, &profile);
    if (e) return err_wrap(a, e, STR_FMT, STR_ARG(path));
    GcCreditPage page = {.profile = &profile,
                         .seen = &seen,
                         .model = model,
                         .top = (uint32_t)MIN(top, (uint64_t)100000)};
    e = view_gc_credit(cli->doc, &page);
    profile_free(&profile);
    return e ? err_wrap(a, e, STR_FMT, STR_ARG(path)) : NULL;
}
