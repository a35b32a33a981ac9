// cli/format.c: --format: the page drawn in a form for other programs.
#include "cli/cli.h"

Err cli_draw_format(Cli *cli) {
    Str form = args_value(&cli->args, "format", STR("text"));
    Buf out = buf_new(cli->arena);
    if (str_eq(form, STR("text"))) return NULL;
    if (str_eq(form, STR("json")))
        doc_render_json(cli->doc, &out);
    else if (str_eq(form, STR("markdown")))
        doc_render_markdown(cli->doc, &out);
    else if (str_eq(form, STR("github")))
        doc_render_github(cli->doc, &out);
    else if (str_eq(form, STR("sarif")))
        doc_render_sarif(cli->doc, STR(HEAPWISE_VERSION), &out);
    else
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--format=" STR_FMT ": text, json, markdown, github or sarif",
                       STR_ARG(form));
    Doc *drawn = doc_new(cli->arena, cli->doc->schema);
    drawn->warnings = cli->doc->warnings;
    doc_verbatim(drawn, buf_view(&out));
    cli->doc = drawn;
    return NULL;
}
