// cli/help.c: --help, the manual page and the completions, all from the table of commands.
#include "cli/cli.h"

static const Option common_list[] = {
    {"json", OPTION_FLAG, NULL, "print the result as JSON (docs/json-schema.md)", 0},
    {"help", OPTION_FLAG, NULL, "show this help", 'h'},
};

static bool may_lack_value(const Option *o) {
    return o->kind == OPTION_COUNT || o->kind == OPTION_FLAG;
}

// The command has an option of that name itself.
static bool is_own(const Command *c, const Option *o) {
    for (uint32_t i = 0; i < c->options.count; i++)
        if (str_eq_c(str_c(c->options.list[i].name), o->name)) return true;
    return false;
}

static void option_line(Buf *b, const Option *o) {
    Buf left = buf_new(b->arena);
    if (o->letter) buf_fmt(&left, "-%c, ", o->letter);
    buf_fmt(&left, "--%s", o->name);
    if (o->value) buf_fmt(&left, may_lack_value(o) ? "[=%s]" : "=%s", o->value);
    buf_fmt(b, "  %-24.*s  %s\n", STR_ARG(buf_view(&left)), o->help);
}

static Str help_program(Arena *a) {
    Buf b = buf_new(a);
    buf_lit(&b, "heapwise: the memory review of Go programs\n\n"
                "usage: heapwise COMMAND [OPTION...] [ARGUMENT...]\n\ncommands:\n");
    for (const Command *const *c = cli_commands; *c; c++)
        buf_fmt(&b, "  %-12s  %s\n", (*c)->name, (*c)->summary);
    buf_lit(&b,
            "\nexit status: 0 fine, 1 findings or a gate that fails, 2 wrong usage or unreadable "
            "input,\n3 heapwise's own failure\n\n"
            "'heapwise COMMAND --help' shows a command's options and an example.\n");
    return buf_view(&b);
}

Str cli_help(Arena *a, const Command *c) {
    if (!c) return help_program(a);
    Buf b = buf_new(a);
    buf_fmt(&b, "heapwise %s: %s\n\nusage: heapwise %s %s\n", c->name, c->summary, c->name,
            c->usage);
    if (c->details) buf_fmt(&b, "\n%s\n", c->details);
    buf_lit(&b, "\noptions:\n");
    for (uint32_t i = 0; i < c->options.count; i++) option_line(&b, &c->options.list[i]);
    for (size_t i = 0; i < COUNT(common_list); i++)
        if (!is_own(c, &common_list[i])) option_line(&b, &common_list[i]);
    if (c->example) buf_fmt(&b, "\nexample:\n  %s\n", c->example);
    return buf_view(&b);
}

// roff: a line may not begin with a dot or a quote, and backslashes are doubled.
static void roff(Buf *b, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        bool at_start = i == 0 || s.ptr[i - 1] == '\n';
        if (at_start && (s.ptr[i] == '.' || s.ptr[i] == '\'')) buf_lit(b, "\\&");
        if (s.ptr[i] == '\\')
            buf_lit(b, "\\e");
        else if (s.ptr[i] == '-')
            buf_lit(b, "\\-");
        else
            buf_byte(b, s.ptr[i]);
    }
}

static void roff_section(Buf *b, const char *title, const char *text) {
    if (!text || !*text) return;
    buf_fmt(b, ".SH %s\n", title);
    roff(b, str_c(text));
    buf_byte(b, '\n');
}

static void roff_option(Buf *b, const Option *o) {
    buf_lit(b, ".TP\n.B ");
    if (o->letter) buf_fmt(b, "\\-%c, ", o->letter);
    buf_lit(b, "\\-\\-");
    roff(b, str_c(o->name));
    if (o->value) buf_fmt(b, may_lack_value(o) ? "[=\\fI%s\\fR]" : "=\\fI%s\\fR", o->value);
    buf_byte(b, '\n');
    roff(b, str_c(o->help));
    buf_byte(b, '\n');
}

static Str man_program(Arena *a) {
    Buf b = buf_new(a);
    buf_lit(&b, ".TH HEAPWISE 1\n.SH NAME\nheapwise \\- the memory review of Go programs\n"
                ".SH SYNOPSIS\n.B heapwise\n.I COMMAND\n[OPTION...] [ARGUMENT...]\n.SH COMMANDS\n");
    for (const Command *const *c = cli_commands; *c; c++) {
        buf_fmt(&b, ".TP\n.B %s\n", (*c)->name);
        roff(&b, str_c((*c)->summary));
        buf_byte(&b, '\n');
    }
    roff_section(&b, "EXIT STATUS",
                 "0 fine, 1 findings or a gate that fails, 2 wrong usage or unreadable input, 3 "
                 "heapwise's own failure");
    return buf_view(&b);
}

Str cli_man(Arena *a, const Command *c) {
    if (!c) return man_program(a);
    Buf b = buf_new(a);
    buf_fmt(&b, ".TH HEAPWISE-%s 1\n.SH NAME\nheapwise %s \\- ", c->name, c->name);
    roff(&b, str_c(c->summary));
    buf_fmt(&b, "\n.SH SYNOPSIS\n.B heapwise %s\n", c->name);
    roff(&b, str_c(c->usage));
    buf_byte(&b, '\n');
    roff_section(&b, "DESCRIPTION", c->details);
    buf_lit(&b, ".SH OPTIONS\n");
    for (uint32_t i = 0; i < c->options.count; i++) roff_option(&b, &c->options.list[i]);
    for (size_t i = 0; i < COUNT(common_list); i++)
        if (!is_own(c, &common_list[i])) roff_option(&b, &common_list[i]);
    roff_section(&b, "EXAMPLE", c->example);
    return buf_view(&b);
}

static void option_words(Buf *b, const Command *c) {
    for (uint32_t i = 0; i < c->options.count; i++) buf_fmt(b, " --%s", c->options.list[i].name);
    for (size_t i = 0; i < COUNT(common_list); i++)
        if (!is_own(c, &common_list[i])) buf_fmt(b, " --%s", common_list[i].name);
}

static Str completion_bash(Arena *a, bool zsh) {
    Buf b = buf_new(a);
    if (zsh) buf_lit(&b, "autoload -U +X bashcompinit && bashcompinit\n");
    buf_lit(&b, "_heapwise() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
                "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"");
    for (const Command *const *c = cli_commands; *c; c++) buf_fmt(&b, "%s ", (*c)->name);
    buf_lit(&b, "--help\"\n  else\n    case \"${COMP_WORDS[1]}\" in\n");
    for (const Command *const *c = cli_commands; *c; c++) {
        buf_fmt(&b, "    %s) words=\"", (*c)->name);
        option_words(&b, *c);
        buf_lit(&b, "\" ;;\n");
    }
    buf_lit(&b, "    esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
                "complete -o default -F _heapwise heapwise\n");
    return buf_view(&b);
}

static Str completion_fish(Arena *a) {
    Buf b = buf_new(a);
    for (const Command *const *c = cli_commands; *c; c++) {
        buf_fmt(&b, "complete -c heapwise -n __fish_use_subcommand -f -a %s -d '%s'\n", (*c)->name,
                (*c)->summary);
        for (uint32_t i = 0; i < (*c)->options.count; i++)
            buf_fmt(&b, "complete -c heapwise -n '__fish_seen_subcommand_from %s' -l %s\n",
                    (*c)->name, (*c)->options.list[i].name);
    }
    return buf_view(&b);
}

Str cli_completion(Arena *a, Str shell) {
    if (str_eq(shell, STR("fish"))) return completion_fish(a);
    if (str_eq(shell, STR("bash"))) return completion_bash(a, false);
    if (str_eq(shell, STR("zsh"))) return completion_bash(a, true);
    return (Str){"", 0};
}
