// cli/cmd_bench.c: `heapwise bench`: verdicts on benchmarks.
#include "cli/bench.h"
#include "cli/commands.h"

static Err run(Cli *cli, Status *status) {
    static const struct {
        const char *name;
        Err (*run)(Cli *cli, Status *status);
    } subcommands[] = {{"gate", cli_bench_gate}, {"run", cli_bench_run}};
    Str name = cli->args.rest.len ? cli->args.rest.v[0] : (Str){0};
    for (size_t i = 0; i < COUNT(subcommands); i++)
        if (str_eq_c(name, subcommands[i].name)) return subcommands[i].run(cli, status);
    return err_new(cli->arena, ERR_USAGE, 0, "bench wants gate or run");
}

static const Option options[] = {
    {"alpha", OPTION_VALUE, "P", "chance of one false finding among all tests (0.01)", 0},
    {"min-change", OPTION_VALUE, "PERCENT",
     "smaller changes of measured values are no findings (1)", 0},
    {"same-within", OPTION_VALUE, "PERCENT", "the same once the change surely is within this (5)",
     0},
    {"max-runs", OPTION_VALUE, "N",
     "give a benchmark up as too noisy when it would need more (100; run: 80)", 0},
    {"settled", OPTION_FLAG, NULL, "status 1 also when a verdict is open", 0},
    {"filter", OPTION_VALUE, "QUERY", "take only what matches, as benchstat's -filter", 0},
    {"all", OPTION_FLAG, NULL, "list what is the same, too", 0},
    {"src", OPTION_VALUE, "DIR", "where the benchmarks' source is (. when it holds a go.mod)", 0},
    {"before", OPTION_VALUE, "REV",
     "run: the version to compare with (HEAD when the tree has changes, else HEAD~1)", 0},
    {"first-look", OPTION_VALUE, "N", "run: rounds before results are looked at (10)", 0},
    {"max-time", OPTION_VALUE, "DURATION", "run: begin no round after this, as in 90s or 10m", 0},
    {"benchtime", OPTION_VALUE, "T", "run: of one window (1ms)", 0},
    {"windows", OPTION_VALUE, "N", "run: windows a round (60, fewer for slow benchmarks)", 0},
    {"cpu", OPTION_VALUE, "LIST", "run: as go test's", 0},
    {"memprofile", OPTION_VALUE, "DIR",
     "run: keep a memory profile of each package and version there", 0},
    {"keep", OPTION_VALUE, "DIR", "run: keep old.txt and new.txt there", 0},
    {"format", OPTION_VALUE, "FORM", "text, json, markdown, github (annotations) or sarif", 0},
};

const Command cmd_bench = {
    .name = "bench",
    .summary = "decide whether benchmarks got better or worse",
    .usage = "gate [OPTIONS] OLD NEW\n       heapwise bench run [--before=REV] [OPTIONS] PATTERN "
             "[PACKAGES]",
    .details = "Each benchmark and unit gets a verdict: better, worse, same within X %, or not "
               "enough runs "
               "and how many more. Allocations per operation are counted: equal values per side "
               "make one run "
               "enough and every difference is a finding. Times are tested with the exact "
               "Mann-Whitney test "
               "under Holm's correction. Status 1 when something got worse, 2 when results cannot "
               "be read.",
    .example = "heapwise bench gate old.txt new.txt",
    .schema = "heapwise.bench-gate/1",
    .options = OPTIONS(options),
    .run = run,
};
