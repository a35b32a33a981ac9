// cli/gc_live.c: the terminal of `heapwise gc watch --live`, through ncurses.
#include "cli/gc_live.h"

#include <locale.h>
#include <unistd.h>

#include "view/gc.h"

// After the project's headers: ncurses names common words.
#include <curses.h>

struct GcLive {
    Arena *scratch;
    Str source;
    SCREEN *screen;
    bool quit;
};

Err gc_live_open(Arena *a, Str source, GcLive **out) {
    if (!isatty(STDOUT_FILENO))
        return err_new(a, ERR_USAGE, 0, "--live wants a terminal; --ndjson and --plot do without");
    setlocale(LC_CTYPE, "");
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return err_new(a, ERR_USAGE, 0, "--live: the terminal (TERM) is not known to ncurses");
    set_term(screen);
    cbreak();
    noecho();
    curs_set(0);
    nodelay(stdscr, TRUE);
    GcLive *l = NEW(a, GcLive);
    *l = (GcLive){.scratch = arena_new("gc live"), .source = source, .screen = screen};
    *out = l;
    return NULL;
}

void gc_live_draw(GcLive *l, const GcRecordVec *records) {
    ArenaMark mark = arena_mark(l->scratch);
    Buf page = buf_new(l->scratch);
    view_gc_live(&page, records, l->source, (uint32_t)MAX(COLS, 20));
    erase();
    Str rest = buf_view(&page);
    for (int row = 0; rest.len && row < LINES; row++) {
        Str line = str_line(&rest);
        mvaddnstr(row, 0, str_to_c(l->scratch, line), (int)line.len);
    }
    refresh();
    arena_pop_to(mark);
}

bool gc_live_quit(GcLive *l) {
    int key = getch();
    l->quit |= key == 'q' || key == 'Q';
    return l->quit;
}

void gc_live_close(GcLive *l) {
    endwin();
    delscreen(l->screen);
    arena_free(l->scratch);
}
