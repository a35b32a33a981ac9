// cli/cli.h: the front door: a table of commands; each reads its arguments, has a view build a
// page, and says how it went. main.c draws the page in the format asked for.
#ifndef HEAPWISE_CLI_CLI_H
#define HEAPWISE_CLI_CLI_H

#include "cli/args.h"
#include "doc/doc.h"

typedef enum Status {
    STATUS_OK = 0,       // done, nothing above the threshold
    STATUS_FINDINGS = 1, // findings above --fail-on, or a gate that fails
    STATUS_USAGE = 2,    // wrong usage, or input that could not be read or covered whole
    STATUS_OWN = 3,      // our own failure
} Status;

typedef struct Cli {
    Arena *arena; // lives as long as the command
    Doc *doc;     // the page being built
    Args args;
    char **argv; // the command's own words, unread; for commands with a parser of their own
    int argc;
} Cli;

typedef struct Command {
    const char *name;
    const char *summary; // one line
    const char *usage;   // what follows the name
    const char *details; // paragraphs for --help and the man page; NULL: none
    const char *example; // one command line that works
    const char *schema;  // of its JSON form
    OptionSet options;
    // Builds cli->doc. Err is a usage or input error: status 2, one line on standard error.
    Err (*run)(Cli *cli, Status *status);
    bool raw; // arguments are not parsed by args_parse: the command reads argv itself
} Command;

#define OPTIONS(table)                                                                             \
    { (table), COUNT(table) }

extern const Command *const cli_commands[]; // NULL at the end; in the order of --help
const Command *cli_find(Str name);
int cli_main(int argc, char **argv);
// Draws the page in the form --format names: a page of its bytes takes its place.
Err cli_draw_format(Cli *cli);
Str cli_help(Arena *a, const Command *c); // NULL: the whole program
Str cli_man(Arena *a, const Command *c);  // roff
Str cli_completion(Arena *a, Str shell);  // bash, zsh or fish; empty for another

#endif
