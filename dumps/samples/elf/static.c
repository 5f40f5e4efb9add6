/* A static program with an IFUNC: no dynamic section, and its start-up code applies the relocations itself. */
static int chosen(int x) { return x * 3; }
static int (*choose(void))(int) { return chosen; }
int selected(int x) __attribute__((ifunc("choose")));
void _start(void) { for (;;) selected(1); }
