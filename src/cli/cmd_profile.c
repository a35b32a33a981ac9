// cli/cmd_profile.c: `heapwise profile`: what can be said of profiles beyond pprof's reports.
#include "cli/commands.h"
#include "cli/profile_cli.h"

static Err run(Cli *cli, Status *status) {
    static const struct {
        const char *name;
        Err (*run)(Cli *cli, Status *status);
    } subcommands[] = {
        {"gate", cli_profile_gate}, {"trend", cli_profile_trend}, {"page", cli_profile_page}};
    Str name = cli->args.rest.len ? cli->args.rest.v[0] : (Str){0};
    for (size_t i = 0; i < COUNT(subcommands); i++)
        if (str_eq_c(name, subcommands[i].name)) return subcommands[i].run(cli, status);
    return err_new(cli->arena, ERR_USAGE, 0, "profile wants gate, trend or page");
}

static const Option options[] = {
    {"sample_index", OPTION_VALUE, "TYPE", "the values, as inuse_space (the profile's default)", 0},
    {"output", OPTION_VALUE, "FILE", "page: write it there", 'o'},
    {"base", OPTION_VALUE, "OLD", "page: show the difference to this profile", 0},
    {"by", OPTION_VALUE, "WHAT",
     "gate, trend: by function (the default), package, stack or label:KEY", 0},
    {"max-growth", OPTION_VALUE, "LIMIT", "gate: what may be added: 10%, 64KB, 500, any (5%)", 0},
    {"rule", OPTION_LIST, "NAMES=LIMIT",
     "gate: another limit for the names a regular expression matches; the first that matches holds",
     0},
    {"new-sites", OPTION_FLAG, NULL, "gate: a name only the new profile has is a finding", 0},
    {"alpha", OPTION_VALUE, "P", "gate: chance of one false finding among all names (0.01)", 0},
    {"all", OPTION_FLAG, NULL, "gate: list what is the same, too; trend: all rows", 0},
    {"top", OPTION_VALUE, "N", "trend: rows of a table (20; in JSON all)", 0},
    {"every", OPTION_VALUE, "DURATION", "trend: take snapshots of a running program, as every 10s",
     0},
    {"count", OPTION_VALUE, "N", "trend: so many of them; else until interrupted", 0},
    {"keep", OPTION_VALUE, "N", "trend: files kept, the oldest go (100)", 0},
    {"dir", OPTION_VALUE, "DIR", "trend: where they are kept (heapwise-snapshots)", 0},
    {"format", OPTION_VALUE, "FORM",
     "gate, trend: text, json, markdown, github (annotations) or sarif", 0},
};

const Command cmd_profile = {
    .name = "profile",
    .summary = "look around in profiles on one HTML page; what grows, and whether too much",
    .usage = "gate [OPTIONS] OLD NEW\n       heapwise profile trend [OPTIONS] FILE FILE...\n"
             "       heapwise profile trend --every=10s --count=30 [--dir=DIR] SOURCE\n"
             "       heapwise profile page [--base=OLD] -o out.html FILE...",
    .details =
        "gate    sums both profiles by function, package or label and compares. A name is a "
        "finding\n"
        "        when it grew beyond its limit by more than the sampling error, which is computed "
        "from\n"
        "        the profiles' own sampling rate. Status 1 when something did, 2 when a profile "
        "cannot\n"
        "        be read.\n"
        "trend   follows several heap profiles of one program: what grows and how much like a "
        "line,\n"
        "        what is surely kept since when, what is let go of and how old it gets, sizes. "
        "With\n"
        "        --every it takes the profiles itself.\n"
        "page    writes one self-contained HTML file of at most 1.5 MB: flame graph, icicle, "
        "callers\n"
        "        and callees, table, source, graph, every sample type, search. Several profiles "
        "stand\n"
        "        on a time axis and any two can be compared.",
    .example = "heapwise profile page --base=old.pb.gz -o out.html new.pb.gz",
    .schema = "heapwise.profile-gate/1",
    .options = OPTIONS(options),
    .run = run,
};
