// cli/cmd_help.c: man, completion and version: what the program says about itself.
#include "cli/commands.h"

#ifndef HEAPWISE_VERSION
#error "the build passes HEAPWISE_VERSION"
#endif

static Err run_man(Cli *cli, Status *status) {
    (void)status;
    const Command *c = NULL;
    if (cli->args.rest.len && !(c = cli_find(cli->args.rest.v[0])))
        return err_new(cli->arena, ERR_USAGE, 0,
                       STR_FMT ": no such command; heapwise --help lists them",
                       STR_ARG(cli->args.rest.v[0]));
    doc_verbatim(cli->doc, cli_man(cli->arena, c));
    return NULL;
}

static Err run_completion(Cli *cli, Status *status) {
    (void)status;
    Str shell = cli->args.rest.len ? cli->args.rest.v[0] : STR("bash");
    Str script = cli_completion(cli->arena, shell);
    if (!script.len)
        return err_new(cli->arena, ERR_USAGE, 0,
                       STR_FMT ": no completion for this shell; bash, zsh or fish", STR_ARG(shell));
    doc_verbatim(cli->doc, script);
    return NULL;
}

static Err run_version(Cli *cli, Status *status) {
    (void)status;
    doc_field(cli->doc, "version", "heapwise", doc_text(STR(HEAPWISE_VERSION)));
    return NULL;
}

const Command cmd_man = {
    .name = "man",
    .summary = "print the manual page, of heapwise or of one command",
    .usage = "[COMMAND]",
    .example = "heapwise man review | man -l -",
    .schema = "heapwise.man/1",
    .run = run_man,
};

const Command cmd_completion = {
    .name = "completion",
    .summary = "print the completion script for a shell",
    .usage = "bash|zsh|fish",
    .example = "heapwise completion bash > ~/.local/share/bash-completion/completions/heapwise",
    .schema = "heapwise.completion/1",
    .run = run_completion,
};

const Command cmd_version = {
    .name = "version",
    .summary = "print the version",
    .usage = "",
    .example = "heapwise version --json",
    .schema = "heapwise.version/1",
    .run = run_version,
};
