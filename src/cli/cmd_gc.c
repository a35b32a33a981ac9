// cli/cmd_gc.c: `heapwise gc`: the collector of a Go program, measured, predicted and tried.
// Each subcommand reads what it needs here (files, the environment, other processes), has src/gc
// work on the bytes and src/view make the page.
#include "cli/commands.h"
#include "cli/gc.h"

typedef struct Subcommand {
    const char *name;
    Err (*run)(Cli *cli, Status *status);
} Subcommand;

static const Subcommand subcommands[] = {
    {"env", cli_gc_env},       {"run", cli_gc_run},       {"watch", cli_gc_watch},
    {"whatif", cli_gc_whatif}, {"credit", cli_gc_credit}, {"ab", cli_gc_ab},
};

static Err run_gc(Cli *cli, Status *status) {
    Str name = cli->args.rest.len ? cli->args.rest.v[0] : STR("");
    for (size_t i = 0; i < COUNT(subcommands); i++)
        if (str_eq_c(name, subcommands[i].name)) return subcommands[i].run(cli, status);
    Buf names = buf_new(cli->arena);
    for (size_t i = 0; i < COUNT(subcommands); i++)
        buf_fmt(&names, "%s%s", i ? ", " : "", subcommands[i].name);
    if (!name.len)
        return err_new(cli->arena, ERR_USAGE, 0, "gc wants one of: " STR_FMT,
                       STR_ARG(buf_view(&names)));
    return err_new(cli->arena, ERR_USAGE, 0, "gc " STR_FMT ": no such command; there are: " STR_FMT,
                   STR_ARG(name), STR_ARG(buf_view(&names)));
}

static const Option gc_options[] = {
    {"go", OPTION_VALUE, "VERSION",
     "env: the Go version that counts (1.18 to 1.27); else the go command is asked", 0},
    {"binary", OPTION_VALUE, "FILE", "env: the Go binary whose version and collector count", 0},
    {"dir", OPTION_VALUE, "DIR",
     "env: look at the //go:debug and godebug lines of the module in DIR", 0},
    {"out", OPTION_VALUE, "FILE",
     "run: keep the observation for gc whatif; ab: keep the runs in FILE.a and FILE.b", 0},
    {"precise", OPTION_FLAG, NULL,
     "run: heap sizes to the byte (gcpacertrace: two more lines per cycle)", 0},
    {"gogc", OPTION_VALUE, "LIST", "whatif: the GOGC values to try, as in 50,100,off", 0},
    {"memlimit", OPTION_VALUE, "LIST", "whatif: the limits to try, as in off,512MiB", 0},
    {"budget", OPTION_VALUE, "SIZE",
     "whatif: find the largest GOGC that stays within it; else the container's limit", 0},
    {"a", OPTION_VALUE, "SETTINGS",
     "ab: environment of variant A, as in 'GOGC=100 GOMEMLIMIT=1GiB'", 0},
    {"b", OPTION_VALUE, "SETTINGS", "ab: environment of variant B", 0},
    {"a-program", OPTION_VALUE, "FILE", "ab: the program of variant A, in place of the command's",
     0},
    {"b-program", OPTION_VALUE, "FILE", "ab: the program of variant B", 0},
    {"collectors", OPTION_VALUE, "DIR",
     "ab: build the package in DIR with the classic (A) and the Green Tea collector (B)", 0},
    {"pairs", OPTION_VALUE, "N", "ab: runs of each variant (12)", 0},
    {"seed", OPTION_VALUE, "N", "ab: of the random order", 0},
    {"load", OPTION_VALUE, "URL",
     "ab: the command is a service: asked for this URL, then ended; shows latencies", 0},
    {"rate", OPTION_VALUE, "N", "ab: requests per second of the load (200)", 0},
    {"post", OPTION_VALUE, "FILE", "ab: the load's requests are POSTs with what is in FILE", 0},
    {"header", OPTION_LIST, "HEADER",
     "ab: a header of the load's requests, as in 'Content-Type: application/json'", 0},
    {"insecure", OPTION_FLAG, NULL, "ab: the load takes any certificate of an https:// service", 0},
    {"recorded", OPTION_VALUE, "FILE,FILE", "ab: decide on runs kept by --out earlier", 0},
    {"cpu", OPTION_VALUE, "SECONDS",
     "whatif: the CPU the program used, for a trace that does not say", 0},
    {"interval", OPTION_VALUE, "SECONDS",
     "watch: between two looks (3 for a URL: a thousandth of a core)", 0},
    {"for", OPTION_VALUE, "SECONDS",
     "watch: how long, else until interrupted; ab: how long the load lasts (5)", 0},
    {"ndjson", OPTION_FLAG, NULL, "watch: one JSON object per line", 0},
    {"live", OPTION_FLAG, NULL,
     "watch: the whole terminal, redrawn at every look (a URL or a process); q ends", 0},
    {"plot", OPTION_VALUE, "FILE", "watch: write the plot as one HTML page", 0},
    {"profile", OPTION_VALUE, "FILE", "credit: a Go heap profile of the same work", 0},
    {"top", OPTION_VALUE, "N", "credit: sites shown (20)", 0},
    {"pid", OPTION_VALUE, "PID",
     "env: the environment of a running process; watch: the process behind the source", 0},
};

static const char usage[] =
    "run [--out=FILE] [--precise] -- CMD...\n"
    "       heapwise gc watch SOURCE [--interval=S] [--for=S] [--live|--ndjson] [--plot=FILE] "
    "[--pid=PID]\n"
    "       heapwise gc whatif OBSERVATION... [--gogc=LIST] [--memlimit=LIST] [--budget=SIZE]\n"
    "       heapwise gc credit --profile=FILE OBSERVATION [--top=N]\n"
    "       heapwise gc ab [--a=SETTINGS] [--b=SETTINGS] [--pairs=N] -- CMD...\n"
    "       heapwise gc ab --load=URL [--rate=N] [--for=S] [--a=SETTINGS] [--b=SETTINGS] -- "
    "SERVICE\n"
    "       heapwise gc ab --collectors=DIR [-- ARG...]\n"
    "       heapwise gc env [--go=VERSION] [--dir=DIR] [--pid=PID] [NAME=VALUE...]";

static const char details[] =
    "run     starts a program with gctrace on, puts torn trace lines together, hands on the\n"
    "        program's own standard error, and shows what the collector did. The program's exit\n"
    "        status is on the page; heapwise exits with 0. With --json its standard output goes "
    "to\n"
    "        standard error.\n"
    "watch   follows a service through what it offers: a URL that serves /debug/pprof/heap?debug=1 "
    "or\n"
    "        Prometheus text, a process (pid:PID, whose runtime's variables are read while it "
    "runs), "
    "a\n"
    "        trace file, or a stream of trace lines (-). One row per interval, or\n"
    "        --ndjson; --plot draws one HTML page at the end. With --pid the CPU used, the share "
    "of it\n"
    "        that was got and the RSS come from the kernel.\n"
    "whatif  what other settings would have done to the run that an observation (gc run --out) or "
    "a\n"
    "        whole gctrace holds: cycles, GC share, CPU and peak RSS, each with the interval that\n"
    "        holds nine of ten runs; the thrash zone; the largest GOGC that fits the budget or "
    "the\n"
    "        container.\n"
    "credit  each allocation site of a heap profile as what its removal would save: bytes, "
    "objects,\n"
    "        cycles, GC CPU and RSS.\n"
    "ab      runs two variants in turn, in random order, and decides on CPU and bytes allocated by "
    "the\n"
    "        exact Mann-Whitney test, corrected for both; says how many more pairs would find 5 "
    "%.\n"
    "        With --load the command is a service that gets the same requests at a steady rate in "
    "every\n"
    "        run; latencies count from when a request was due, and are shown, not decided on.\n"
    "        Exit status 1: B is worse beyond chance.\n"
    "env     says what Go does with GODEBUG, GOGC, GOMEMLIMIT, GOEXPERIMENT, //go:debug and "
    "go.mod\n"
    "        godebug lines: unknown keys, settings without effect, values Go would reject. "
    "Settings\n"
    "        are taken from NAME=VALUE words, else from the environment; exit status 1 says that "
    "one\n"
    "        of them is ignored or rejected.";

const Command cmd_gc = {
    .name = "gc",
    .summary = "the collector: what it does, what other settings would do, which ones Go ignores",
    .usage = usage,
    .details = details,
    .example = "heapwise gc env GODEBUG=gctrace=1,gc=greentea GOMEMLIMIT=100MB",
    .schema = "heapwise.gc/1",
    .options = OPTIONS(gc_options),
    .run = run_gc,
};
