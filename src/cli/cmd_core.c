// cli/cmd_core.c: a core file of a running process, without the tools of a debugger.
#include "cli/commands.h"
#include "cli/live_target.h"

static const Option options[] = {
    {"output", OPTION_VALUE, "FILE", "where it is written (default core.PID)", 'o'},
};

static Err run_core(Cli *cli, Status *status) {
    LiveTarget t;
    LiveCore core;
    Str name;
    (void)status;
    TRY(live_target_open(cli, false, &t, &name));
    Str path = args_value(&cli->args, "output", str_fmt(cli->arena, "core.%u", t.pid));
    Err err = live_write_core(cli->arena, &t, path, &core);
    if (err) return err_wrap(cli->arena, err, STR_FMT, STR_ARG(name));
    Doc *d = cli->doc;
    doc_field(d, "pid", "process", doc_int(t.pid));
    doc_field(d, "program", "program", doc_text(t.exe));
    doc_field(d, "file", "written to", doc_text(path));
    doc_field(d, "written_bytes", "memory in it", doc_bytes((int64_t)core.written_bytes));
    doc_field(d, "apparent_bytes", "length with holes", doc_bytes((int64_t)core.apparent_bytes));
    doc_field(d, "stopped_ns", "stood still for", doc_nanos((int64_t)core.stopped_ns));
    return NULL;
}

const Command cmd_core = {
    .name = "core",
    .summary = "write a sparse core file of a running Go process",
    .usage = "[-o FILE] PID",
    .details = "Only pages that are in memory are written, what was reserved and never touched is "
               "a hole. heapwise live and heap read it, and so do gdb and delve. The file is for "
               "its owner alone: it holds all the process knows.",
    .example = "heapwise core -o /tmp/server.core 4711",
    .schema = "heapwise.core/1",
    .options = OPTIONS(options),
    .run = run_core,
};
