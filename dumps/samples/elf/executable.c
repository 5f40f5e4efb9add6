/* A program that is not position independent: it copies the library's variable (COPY) and calls through its PLT. */
extern int counter;
extern int work(int);
int elsewhere = 11;
int call_elsewhere(int x) { return x + elsewhere; }
int *own = &elsewhere;
void _start(void) { for (;;) work(counter); }
