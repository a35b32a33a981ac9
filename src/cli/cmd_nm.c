// cli/cmd_nm.c: the command line of `go tool nm`.
#include "cli/commands.h"
#include "sys/file.h"
#include "view/nm.h"

static const Option options[] = {
    {"n", OPTION_FLAG, NULL, "an alias for -sort address", 0},
    {"size", OPTION_FLAG, NULL, "print sizes in decimal between address and type", 0},
    {"sort", OPTION_VALUE, "address|name|none|size", "order of the lines (default name)", 0},
    {"type", OPTION_FLAG, NULL, "accepted for go tool nm's sake: Go's symbols have no type there",
     0},
    {"section", OPTION_FLAG, NULL,
     "name the section of each symbol: nm's letters cannot tell BSS "
     "from data on ELF and PE",
     0},
};

// -n and -sort overrule each other: the later one counts.
static Err read_order(const Cli *cli, NmOrder *out) {
    *out = NM_BY_NAME;
    if (args_given(&cli->args, "sort")) {
        Str word = args_value(&cli->args, "sort", STR(""));
        if (!nm_order(word, out))
            return err_new(cli->arena, ERR_USAGE, 0,
                           "-sort " STR_FMT ": the orders are address, name, none and size",
                           STR_ARG(word));
    }
    int last_n = -1, last_sort = -1;
    for (int i = 0; i < cli->argc; i++) {
        Str word = str_c(cli->argv[i]);
        str_cut_prefix(&word, STR("-"));
        if (str_eq(word, STR("-n")) || (cli->argv[i][0] == '-' && str_eq(word, STR("n"))))
            last_n = i;
        if (cli->argv[i][0] == '-' && str_find(word, STR("sort")) < 2) last_sort = i;
    }
    if (args_flag(&cli->args, "n") && last_n > last_sort) *out = NM_BY_ADDRESS;
    return NULL;
}

static Err run_nm(Cli *cli, Status *status) {
    NmStyle style = {.size = args_flag(&cli->args, "size"),
                     .section = args_flag(&cli->args, "section"),
                     .prefix = cli->args.rest.len > 1,
                     .json = args_flag(&cli->args, "json")};
    TRY(read_order(cli, &style.order));
    if (!cli->args.rest.len)
        return err_new(cli->arena, ERR_USAGE, 0, "nm: name at least one executable or object file");
    doc_open_list(cli->doc, "files", STR(""));
    for (uint32_t i = 0; i < cli->args.rest.len; i++) {
        FileMap map;
        Err e = file_map(cli->arena, cli->args.rest.v[i], &map);
        if (!e) e = view_nm(cli->doc, cli->args.rest.v[i], map.bytes, &style);
        if (!e) continue;
        doc_warn(cli->doc, STR_FMT, STR_ARG(e->what)); // the other files are still shown
        *status = STATUS_USAGE;
    }
    doc_close(cli->doc);
    return NULL;
}

const Command cmd_nm = {
    .name = "nm",
    .summary = "list the symbols of a program as go tool nm does, stripped ones too",
    .usage = "[-n] [-size] [-sort {address,name,none,size}] [-type] [-section] FILE...",
    .details =
        "The lines equal those of go tool nm byte for byte. Letters: T text, R read-only data, "
        "D data, B BSS, U undefined, C constant; lower case is local. On ELF and PE the Go tool "
        "prints D for BSS too; -section shows the truth, and so do heapwise map and static. "
        "Archives "
        "and Go object files are read as well.",
    .example = "heapwise nm -size -sort size ./server | head",
    .schema = "heapwise.nm/1",
    .options = OPTIONS(options),
    .run = run_nm,
};
